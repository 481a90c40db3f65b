// SPDX-License-Identifier: Apache-2.0
// --stdin open: a pipe that stays open, so that the command waits for more input instead of reading its end.
#pragma once
#include <string>

#include "guard/source.hpp"
#include "run/protocol.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// The input of a run, as far as `sigmund send` can write to it.
class OpenInput {
  public:
    virtual ~OpenInput() = default;
    // Takes all of the bytes, or none, and returns the answer for the client. It never waits for the command
    // to read: what the kernel does not take yet is kept here.
    virtual run::Answer take(run::Sent what, std::string bytes) = 0;
};

// Returns the answer for more bytes than run::unread_limit.
run::Answer refused_input_full();

class InputPipe final : public Source, public OpenInput {
  public:
    // Takes over the writing end for a new life, which must not block. What the last life has not read is
    // given up.
    void hold(sys::Fd writer);

    run::Answer take(run::Sent what, std::string bytes) override;

    void watch(std::vector<pollfd>& set) const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;

  private:
    void write_on();
    sys::Fd writer_;
    std::string queue_;    // what the pipe had no room for
    bool ending_ = false;  // the pipe is closed once the queue is empty
    bool ended_ = false;   // by `send --eof`
};

}  // namespace sigmund::guard
