// SPDX-License-Identifier: Apache-2.0
// A question to the guardian of one run about its terminal, for a caller that must never wait: a frozen guardian costs a
// descriptor.
#pragma once
#include <optional>
#include <string>

#include "ops/terminal_look.hpp"

namespace sigmund::ops {

class TerminalQuestion {
  public:
    // Asks. Where nobody can be asked, descriptor() is -1.
    TerminalQuestion(const run::Store& store, const std::string& id);
    // Is readable when a part of the answer has come.
    int descriptor() const { return channel_.get(); }
    // Reads what has come. Returns false until the answer is whole, or none can come any more.
    bool read();
    // Returns the answer, or nothing when there was none, or the run has no terminal.
    const std::optional<TerminalLook>& answer() const { return answer_; }

  private:
    sys::Fd channel_;
    std::optional<TerminalLook> so_far_, answer_;
};

}  // namespace sigmund::ops
