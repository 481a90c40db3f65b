// SPDX-License-Identifier: Apache-2.0
// A caller may have set resource limits for its commands (`ulimit -f 0`, `ulimit -t 60`) that would end a
// guardian or keep it from recording results. This file raises them for the guardian as far as the kernel
// permits, and restores them for the command.
#pragma once
#include <sys/resource.h>

#include <vector>

namespace sigmund::sys {

struct RlimitSetting {
    int resource;  // RLIMIT_*
    rlimit limit;
};

// Raises this process's limits where that is permitted: that of open files to 1024, the others to infinity.
// Otherwise it raises each soft limit to its hard limit. From then on SIGXFSZ is ignored, so that a write
// beyond RLIMIT_FSIZE fails with EFBIG instead of ending the process. Only the first call has an effect.
void lift_limits();

// Returns the earlier values of those limits that lift_limits() has changed.
const std::vector<RlimitSetting>& lifted_limits();

// Restores, after fork, the disposition that SIGXFSZ had before lift_limits(). Async-signal-safe.
void restore_file_size_signal() noexcept;

// Returns the size of the largest file that this process may write, in bytes; RLIM_INFINITY means no limit.
rlim_t file_size_limit() noexcept;

}  // namespace sigmund::sys
