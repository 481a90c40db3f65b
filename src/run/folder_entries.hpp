// SPDX-License-Identifier: Apache-2.0
// The names in a folder, as readdir(3) gives them, "." and ".." among them.
#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace sigmund::run {

// Calls `each` with each name in dir/folder, in no order, and returns 0. When the folder cannot be read, or not as a
// whole, it returns errno. The folder is opened again, so that the offset of `dir` does not move. A link in its place is
// not followed.
template <typename Each>
int each_entry(int dir, const char* folder, Each each) {
    const int fd = ::openat(dir, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return errno;
    DIR* handle = ::fdopendir(fd);
    if (!handle) {
        const int error = errno;
        ::close(fd);
        return error;
    }
    errno = 0;
    while (const dirent* entry = ::readdir(handle)) {
        each(std::string_view(entry->d_name));
        errno = 0;
    }
    const int error = errno;
    ::closedir(handle);
    return error;
}

}  // namespace sigmund::run
