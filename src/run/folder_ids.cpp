// SPDX-License-Identifier: Apache-2.0
#include "run/folder_ids.hpp"

#include <algorithm>

#include "run/folder_entries.hpp"
#include "run/id.hpp"

namespace sigmund::run {

IdNumber number_of_id(std::string_view id) {
    IdNumber number = 1;
    for (const char c : id) number = number * 16 + static_cast<IdNumber>(c <= '9' ? c - '0' : c - 'a' + 10);
    return number;
}

std::string id_of_number(IdNumber number) {
    char digits[16];
    std::size_t at = sizeof digits;
    for (; number > 1; number /= 16) digits[--at] = "0123456789abcdef"[number % 16];
    return {digits + at, sizeof digits - at};
}

bool FolderIds::has_socket(IdNumber id) const {
    return std::binary_search(sockets.begin(), sockets.end(), id);
}

std::uint64_t FolderIds::lock_of(IdNumber id) const {
    const auto at = std::lower_bound(locks.begin(), locks.end(), id,
                                     [](const Lock& lock, IdNumber wanted) { return lock.id < wanted; });
    return at != locks.end() && at->id == id ? at->inode : 0;
}

FolderIds read_folder_ids(int dir) {
    FolderIds out;
    each_file(dir, ".", [&](std::string_view name, std::uint64_t inode) {
        const auto dot = name.find('.');
        if (dot == name.npos || !is_id(name.substr(0, dot))) return;
        const std::string_view ending = name.substr(dot);
        if (ending == ".json")
            out.recorded.push_back(number_of_id(name.substr(0, dot)));
        else if (ending == ".lock")
            out.locks.push_back({number_of_id(name.substr(0, dot)), inode});
        else if (ending == ".sock")
            out.sockets.push_back(number_of_id(name.substr(0, dot)));
    });
    std::sort(out.sockets.begin(), out.sockets.end());
    std::sort(out.locks.begin(), out.locks.end(),
              [](const FolderIds::Lock& a, const FolderIds::Lock& b) { return a.id < b.id; });
    return out;
}

}  // namespace sigmund::run
