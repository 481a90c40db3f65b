// SPDX-License-Identifier: Apache-2.0
// poll(2) refuses more descriptors than RLIMIT_NOFILE, and other processes may lower that limit (prlimit(2))
// while the descriptors are open. select(2) has no such bound.
#pragma once
#include <poll.h>

#include <span>

namespace sigmund::sys {

// The same as poll(2), with any number of descriptors under any limit. A negative `pause_ms` waits without a
// time limit.
int poll_any(std::span<pollfd> set, int pause_ms);

}  // namespace sigmund::sys
