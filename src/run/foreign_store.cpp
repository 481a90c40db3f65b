// SPDX-License-Identifier: Apache-2.0
#include "run/foreign_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace sigmund::run {
namespace {

// Returns whether only root can have made the entries of this folder.
bool only_root_writes(int folder) {
    struct stat st {};
    return ::fstat(folder, &st) == 0 && st.st_uid == 0 && (st.st_mode & 022) == 0;
}

}  // namespace

bool root_names_store() {
    const char* named = std::getenv("SIGMUND_STATE_DIR");
    return ::geteuid() == 0 && named && *named;
}

// Each component is opened from the folder before it, so that nothing can be exchanged in between.
sys::Fd open_without_foreign_links(const std::string& path) {
    sys::Fd folder(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::size_t at = 0; folder && at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const std::string name = path.substr(at, end - at);
        at = end + 1;
        if (name.empty() || name == ".") continue;
        const int links = only_root_writes(folder.get()) ? 0 : O_NOFOLLOW;
        sys::Fd next(::openat(folder.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | links));
        if (!next && links != 0 &&
            errno == ENOTDIR) {  // what O_DIRECTORY makes of a link that is not followed
            struct stat st {};
            const bool link =
                ::fstatat(folder.get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
            errno = link ? ELOOP : ENOTDIR;
            return sys::Fd();
        }
        folder = std::move(next);
    }
    if (!folder) return folder;
    return sys::Fd(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace sigmund::run
