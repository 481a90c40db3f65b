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

// A set of ids, with open addressing: it is made for one pass, and nothing is removed.
class IdSet {
  public:
    explicit IdSet(std::size_t most);
    void insert(IdNumber id);
    bool contains(IdNumber id) const { return slots_[slot_of(id)] == id; }

  private:
    // Returns where the id is, or where it would be.
    std::size_t slot_of(IdNumber id) const;
    std::vector<IdNumber> slots_;  // 0: empty
    int shift_;
};

struct FolderIds {
    std::vector<IdNumber> recorded, locks;  // in no order
    std::vector<IdNumber> sockets;          // sorted

    bool has_socket(IdNumber id) const;
    // Moves the records of ids with a socket to the front: a reader that runs out of time has read the live runs.
    void sockets_first();
    // Returns the ids that have a lock file or a socket, but no record, sorted.
    std::vector<IdNumber> without_record() const;
};

FolderIds read_folder_ids(int dir);

}  // namespace sigmund::run
