// SPDX-License-Identifier: Apache-2.0
// The sources of one run. They are made from what was asked for, and polled together.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "guard/plan.hpp"
#include "guard/source.hpp"

namespace sigmund::guard {

class FifoInput;
class InputPipe;
class OpenInput;

class Sources {
  public:
    explicit Sources(Host& host) : host_(host) {}
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    // Makes the sources. `timeout` is in ms (-1: none). `extras` may be nullptr; what the sources need is
    // moved out of it. `restarts` says that a later life may become ready when the present one does not.
    void make(Millis timeout, Extras* extras, bool restarts);
    // Returns what --ready waits for, or nullptr. The pointer stays valid.
    ReadyPlan* ready() { return ready_.get(); }
    // Called once the first life has begun.
    void begin();
    // Holds a stdin that is a FIFO open until its first writer has come, and one that `send` writes to for as
    // long as the life goes on.
    void hold(sys::Input& input, const std::string& path);
    // Returns what takes the words of `send`, or nullptr.
    OpenInput* input() const;
    // Called when the run begins or ceases to run. A pool runs from the first worker's start until no worker
    // runs.
    void turned(bool running);
    // Removes all sources at the end of the run.
    void end();

    void watch(std::vector<pollfd>& set) const;
    Millis deadline() const;
    // `polled` has the entries of all sources, in their order.
    void fire(std::span<const pollfd> polled, Millis now);

  private:
    Host& host_;
    std::vector<std::unique_ptr<Source>> list_;
    FifoInput* fifo_input_ = nullptr;  // points into the list, if stdin ever was a FIFO
    InputPipe* input_pipe_ = nullptr;  // likewise, with --stdin open
    std::unique_ptr<ReadyPlan> ready_;
    std::string notify_file_;  // the path of the notify socket, when it is a file in the store
};

}  // namespace sigmund::guard
