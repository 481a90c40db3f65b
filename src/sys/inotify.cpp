// SPDX-License-Identifier: Apache-2.0
#include "sys/inotify.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "sys/file.hpp"

namespace sigmund::sys {
namespace {

std::string kernel_value(const std::string& file) {
    std::string value = read_small("/proc/sys/" + file, 64);
    while (value.ends_with('\n')) value.pop_back();
    return value;
}

// Two settings limit the same thing: the kernel's, and that of the user namespace. The lower one was reached.
Limit of_kernel(const char* kernels, const char* namespaces, long least) {
    std::string setting = std::string("fs.inotify.") + kernels;
    std::string value = kernel_value(std::string("fs/inotify/") + kernels);
    const std::string other = kernel_value(std::string("user/") + namespaces);
    if (!other.empty() && std::atol(other.c_str()) < std::atol(value.c_str())) {
        setting = std::string("user.") + namespaces;
        value = other;
    }
    const long more = std::max(least, 4 * std::atol(value.c_str()));
    return {"the limit " + setting + (value.empty() ? "" : " (" + value + ")") + " is reached",
            "raise it, as root: sysctl " + setting + '=' + std::to_string(more)};
}

}  // namespace

Fd open_inotify() noexcept {
    return Fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
}

int add_watch(const Fd& inotify, const std::string& path, unsigned mask) noexcept {
    if (!inotify) {
        errno = EMFILE;
        return -1;
    }
    return ::inotify_add_watch(inotify.get(), path.c_str(), mask);
}

void drain(const Fd& inotify) noexcept {
    char buffer[4096];
    while (inotify && ::read(inotify.get(), buffer, sizeof buffer) > 0) {
    }
}

Limit inotify_limit(int error) {
    if (error == ENOSPC) return of_kernel("max_user_watches", "max_inotify_watches", 65536);
    if (error == ENFILE)
        return {"the limit fs.file-max is reached", "raise it, as root: sysctl fs.file-max=..."};
    if (error != EMFILE) return {};
    // inotify_init1(2) fails with EMFILE for two limits: the number of instances, and the process's
    // descriptors.
    const Fd other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (other || errno != EMFILE) return of_kernel("max_user_instances", "max_inotify_instances", 1024);
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return {"the limit of open descriptors (" + std::to_string(limit.rlim_cur) + ") is reached",
            "raise it: ulimit -n " + std::to_string(4 * limit.rlim_cur)};
}

}  // namespace sigmund::sys
