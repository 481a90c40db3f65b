// SPDX-License-Identifier: Apache-2.0
// One pass over the names in the folder of a store: which ids have a record, a lock file and a socket. An id is
// kept as a number, since there may be 100,000 of them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::run {

// The hex digits of an id, at most 10, behind a 1, so that no digit is lost.
using IdNumber = std::uint64_t;
IdNumber number_of_id(std::string_view id);
std::string id_of_number(IdNumber number);

struct FolderIds {
    struct Lock {
        IdNumber id;
        std::uint64_t inode;
    };
    std::vector<IdNumber> recorded;  // in no order
    std::vector<IdNumber> sockets;   // sorted
    std::vector<Lock> locks;         // sorted by id

    bool has_socket(IdNumber id) const;
    // Returns the inode of the lock file of an id, or 0 when it has none.
    std::uint64_t lock_of(IdNumber id) const;
};

FolderIds read_folder_ids(int dir);

}  // namespace sigmund::run
