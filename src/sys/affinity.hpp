// SPDX-License-Identifier: Apache-2.0
// This file controls on which processor a new process begins to run.
#pragma once
#include <sched.h>

namespace sigmund::sys {

// While an object of this class lives, this process and the processes it forks stay on the current processor.
// A parent that forks and then waits has no use for a second processor, and waking an idle one costs a fifth
// of the time of a start. It has no effect where the affinity mask cannot be read (more than 1024
// processors).
class OneProcessor {
  public:
    OneProcessor() noexcept;
    OneProcessor(const OneProcessor&) = delete;
    OneProcessor& operator=(const OneProcessor&) = delete;
    ~OneProcessor() { release(); }
    // Restores the earlier affinity mask of the calling process. Parent and child call it separately.
    // Async-signal-safe.
    void release() noexcept;
    // The same for a child in the memory of its parent, which still has to call release().
    void release_child() const noexcept;

  private:
    cpu_set_t allowed_;
    bool held_ = false;
};

}  // namespace sigmund::sys
