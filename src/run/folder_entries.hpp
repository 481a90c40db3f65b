// SPDX-License-Identifier: Apache-2.0
// The names in a folder, as readdir(3) gives them, "." and ".." among them.
#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

namespace sigmund::run {

// Calls `each` with each name and its inode in dir/folder, in no order. Calls it for nothing when the folder cannot be
// opened. The folder is opened again, so that the offset of `dir` does not move. A link in its place is not
// followed.
template <typename Each>
void each_file(int dir, const char* folder, Each each) {
    const int fd = ::openat(dir, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    DIR* handle = ::fdopendir(fd);
    if (!handle) {
        ::close(fd);
        return;
    }
    while (const dirent* entry = ::readdir(handle))
        each(std::string_view(entry->d_name), std::uint64_t{entry->d_ino});
    ::closedir(handle);
}

// The same with the name only.
template <typename Each>
void each_entry(int dir, const char* folder, Each each) {
    each_file(dir, folder, [&](std::string_view name, std::uint64_t) { each(name); });
}

}  // namespace sigmund::run
