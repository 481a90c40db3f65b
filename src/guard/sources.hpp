// SPDX-License-Identifier: Apache-2.0
// The sources of one run, made from what was asked for, and polled together.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "guard/plan.hpp"
#include "guard/source.hpp"

namespace sigmund::guard {

class FifoInput;

class Sources {
  public:
    explicit Sources(Host& host) : host_(host) {}
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    // Makes the sources. `timeout`: -1: none. `extras`: nullptr: nothing else was asked for;
    // what sources need is moved out of it. `restarts`: a
    // later life may be ready where the present one is not.
    void make(Millis timeout, Extras* extras, bool restarts);
    // What --ready waits for; nullptr: nothing. It stays where it is.
    ReadyPlan* ready() { return ready_.get(); }
    // The first life has begun.
    void begin();
    // Holds a stdin that is a FIFO open until its first writer has come.
    void hold(sys::Input& input, const std::string& path);
    // They follow the life of the run: of a pool, from the first worker's start until no worker runs.
    void turned(bool running);
    // The run is over: there are none any more.
    void end();

    void watch(std::vector<pollfd>& set) const;
    Millis deadline() const;
    // `polled`: the entries of all, in their order.
    void fire(std::span<const pollfd> polled, Millis now);

  private:
    Host& host_;
    std::vector<std::unique_ptr<Source>> list_;
    FifoInput* fifo_input_ = nullptr;  // one of the list, if stdin ever was a FIFO
    std::unique_ptr<ReadyPlan> ready_;
    std::string notify_file_;  // the path of the notify socket, when it is a file in the store
};

}  // namespace sigmund::guard
