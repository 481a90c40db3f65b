// SPDX-License-Identifier: Apache-2.0
#include "sys/spare_fds.hpp"

#include <fcntl.h>
#include <sys/resource.h>

namespace sigmund::sys {
namespace {

// What a guardian without clients uses, including short-lived descriptors.
constexpr std::size_t ordinary_use = 48;

rlim_t limit_now() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

void SpareFds::hold() noexcept {
    for (Fd& fd : fds_) {
        if (fd) continue;
        // An O_PATH descriptor of the root folder keeps no file system busy.
        fd.reset(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!fd) return;
    }
}

void SpareFds::lend() noexcept {
    for (Fd& fd : fds_) fd.reset();
}

bool SpareFds::scarce(std::size_t in_use) noexcept {
    return limit_now() < in_use + ordinary_use;
}

void SpareFds::append_to(std::vector<int>& numbers) const {
    for (const Fd& fd : fds_)
        if (fd) numbers.push_back(fd.get());
}

}  // namespace sigmund::sys
