// SPDX-License-Identifier: Apache-2.0
// Where a new process begins to run.
#pragma once
#include <sched.h>

namespace sigmund::sys {

// While it holds, this process and what it forks stay on the processor they are on. A parent that forks and
// then waits has no use for another processor, and waking one from its sleep costs a start a fifth of its
// time. Without effect where the mask cannot be told (more than 1024 processors).
class OneProcessor {
  public:
    OneProcessor() noexcept;
    OneProcessor(const OneProcessor&) = delete;
    OneProcessor& operator=(const OneProcessor&) = delete;
    ~OneProcessor() { release(); }
    // Back to where it was allowed before: in the parent and in the child, each for itself.
    // Async-signal-safe.
    void release() noexcept;

  private:
    cpu_set_t allowed_;
    bool held_ = false;
};

}  // namespace sigmund::sys
