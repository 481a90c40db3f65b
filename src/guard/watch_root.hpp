// SPDX-License-Identifier: Apache-2.0
// A path that was named to be watched, and what it stands for at the moment, through all links on the way.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sigmund::guard {

struct WatchRoot {
    std::string path;  // as it was named, absolute
    std::string real;  // what it stands for, without links; when it is missing: as far as it exists
    std::vector<std::string> passed;  // every folder and link on the way, and what is at its end
    std::string missing;              // the first component that is not there; empty: it is there
    int error = 0;                    // why it is not: ENOENT, ELOOP, EACCES ...
    bool folder = false;
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t stamp = 0;  // of a file: its size and time

    bool there() const { return error == 0; }
    // Whether both stand for the same thing.
    bool same(const WatchRoot& other) const {
        return error == other.error && real == other.real && device == other.device && inode == other.inode;
    }
};

WatchRoot look_at_root(const std::string& path);

std::string parent_folder(const std::string& path);
std::string joined_path(const std::string& folder, std::string_view name);
// Whether `path` is the folder or below it.
bool is_below(std::string_view path, std::string_view folder);
// The folder's name in another tree: `path`, which is below `from`, below `to`.
std::string moved_path(const std::string& path, const std::string& from, const std::string& to);

}  // namespace sigmund::guard
