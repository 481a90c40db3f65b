// SPDX-License-Identifier: Apache-2.0
#include "sys/affinity.hpp"

#include <cstring>

namespace sigmund::sys {

OneProcessor::OneProcessor() noexcept {
    const int here = ::sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || ::sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(here), &one);
    held_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
}

void OneProcessor::release() noexcept {
    release_child();
    held_ = false;
}

void OneProcessor::release_child() const noexcept {
    if (!held_ || ::sched_setaffinity(0, sizeof allowed_, &allowed_) == 0) return;
    // None of the earlier processors is allowed any more (the cpuset(7) was changed meanwhile), so ask for
    // all.
    cpu_set_t all;
    std::memset(&all, 0xff, sizeof all);
    ::sched_setaffinity(0, sizeof all, &all);
}

}  // namespace sigmund::sys
