// SPDX-License-Identifier: Apache-2.0
// Resource limits that a caller has set for its commands (`ulimit -f 0`, `ulimit -t 60`) and that would end
// or blind a guardian: they are lifted as far as the kernel permits, and put back for the command.
#pragma once
#include <sys/resource.h>

#include <vector>

namespace sigmund::sys {

struct RlimitSetting {
    int resource;  // RLIMIT_*
    rlimit limit;
};

// Lifts this process's own limits: to none where that is permitted, else the soft ones to the hard ones.
// SIGXFSZ is ignored from here on, so that a write beyond RLIMIT_FSIZE is an error (EFBIG) and not the end.
// Done once; later calls change nothing.
void lift_limits();

// The limits as they were before lift_limits(), those that it has changed.
const std::vector<RlimitSetting>& lifted_limits();

// After fork: SIGXFSZ as it was before lift_limits(). Async-signal-safe.
void restore_file_size_signal() noexcept;

// The largest file that this process may write, in bytes; RLIM_INFINITY: any.
rlim_t file_size_limit() noexcept;

}  // namespace sigmund::sys
