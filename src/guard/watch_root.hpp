// SPDX-License-Identifier: Apache-2.0
// A path that was named for watching, and the file that it leads to at the moment, through all links on the
// way.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sigmund::guard {

struct WatchRoot {
    std::string path;  // the path as it was named, made absolute
    std::string real;  // the file it leads to, without links; when it is missing, the existing part
    std::vector<std::string> passed;  // every folder and link on the way, and the file at its end
    std::string missing;              // the first component that does not exist; empty: all exist
    int error = 0;                    // the reason: ENOENT, ELOOP, EACCES ...
    bool folder = false;
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t stamp = 0;  // the size and time of a file

    bool there() const { return error == 0; }
    // Returns whether both lead to the same file.
    bool same(const WatchRoot& other) const {
        return error == other.error && real == other.real && device == other.device && inode == other.inode;
    }
};

// Follows an absolute path through its links and returns what is there now.
WatchRoot look_at_root(const std::string& path);

// Return the folder above an absolute path ("/" for "/"), and the path of a name in a folder.
std::string parent_folder(const std::string& path);
std::string joined_path(const std::string& folder, std::string_view name);
// Returns whether `path` is the folder or below it.
bool is_below(std::string_view path, std::string_view folder);
// Returns the name of `path`, which is below `from`, in the tree below `to`.
std::string moved_path(const std::string& path, const std::string& from, const std::string& to);

}  // namespace sigmund::guard
