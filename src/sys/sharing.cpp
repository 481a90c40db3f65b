// SPDX-License-Identifier: Apache-2.0
#include "sys/sharing.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "sys/memory.hpp"
#include "sys/raw_call.hpp"

namespace sigmund::sys {

bool can_share_memory() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__hppa__)
    return false;
#else
    rlimit space{};
    return has_raw_calls && ::getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur == RLIM_INFINITY;
#endif
}

bool refuses_to_share(int error) noexcept {
    return error == EINVAL || error == ENOSYS || error == EPERM;
}

pid_t clone_sharing(int (*body)(void*), void* context) noexcept {
    const Stack stack = make_stack();
    if (!stack.begin) {  // there is no room for it, while fork(2) needs none
        errno = ENOSYS;
        return -1;
    }
    const pid_t pid =
        ::clone(body, static_cast<char*>(stack.begin) + stack.size, CLONE_VM | SIGCHLD, context);
    if (pid < 0) {
        const int error = errno;
        ::munmap(stack.begin, stack.size);
        errno = error;
    }
    return pid;
}

pid_t clone_until_exec(int (*body)(void*), void* context) noexcept {
    // This process sleeps, so the child can use the free part of its stack, as after vfork(2). The distance is
    // more than what clone(3) itself needs.
    constexpr std::uintptr_t distance = 16 * 1024;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    void* const stack = reinterpret_cast<void*>((here - distance) & ~std::uintptr_t{63});
    return ::clone(body, stack, CLONE_VM | CLONE_VFORK | SIGCHLD, context);
}

}  // namespace sigmund::sys
