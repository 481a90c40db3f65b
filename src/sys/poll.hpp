// SPDX-License-Identifier: Apache-2.0
// poll(2) refuses more descriptors than RLIMIT_NOFILE, which others may lower for a process that has them
// open already (prlimit(2)). select(2) knows no such bound.
#pragma once
#include <poll.h>

#include <span>

namespace sigmund::sys {

// As poll(2), with any number of descriptors under any limit; `pause_ms` < 0 waits without end.
int poll_any(std::span<pollfd> set, int pause_ms);

}  // namespace sigmund::sys
