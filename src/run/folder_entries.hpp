// SPDX-License-Identifier: Apache-2.0
// The names in a folder, as readdir(3) gives them, "." and ".." among them.
#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <string_view>

namespace sigmund::run {

// Calls `each` with each name in dir/folder, in no order. Calls it for nothing when the folder cannot be
// opened. The folder is opened again, so that the offset of `dir` does not move. A link in its place is not
// followed.
template <typename Each>
void each_entry(int dir, const char* folder, Each each) {
    const int fd = ::openat(dir, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    DIR* handle = ::fdopendir(fd);
    if (!handle) {
        ::close(fd);
        return;
    }
    while (const dirent* entry = ::readdir(handle)) each(std::string_view(entry->d_name));
    ::closedir(handle);
}

}  // namespace sigmund::run
