// SPDX-License-Identifier: Apache-2.0
// sd_notify(3): the command reports its state through the datagram socket that NOTIFY_SOCKET names.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "guard/source.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// The content of one message. Parsing it is a pure function, so that it can be tested and fuzzed.
struct Notice {
    bool ready = false;
    bool stopping = false;
    bool has_status = false;
    std::string status;  // one line, at most 512 bytes
};
// Parses a message of VARIABLE=VALUE lines. Unknown variables are ignored.
Notice parse_notice(std::string_view message);

class Notify final : public Source {
  public:
    explicit Notify(sys::Fd socket) : socket_(std::move(socket)) {}
    // Called after the first READY=1 of each life.
    std::function<void(Host&)> on_ready;

    void watch(std::vector<pollfd>& set) const override { set.push_back({socket_.get(), POLLIN, 0}); }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;

  private:
    sys::Fd socket_;
};

}  // namespace sigmund::guard
