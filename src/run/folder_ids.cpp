// SPDX-License-Identifier: Apache-2.0
#include "run/folder_ids.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>

#include "run/failure.hpp"
#include "run/folder_entries.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"

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

IdSet::IdSet(std::size_t most)
    : slots_(std::bit_ceil(2 * most + 2)), shift_(64 - std::countr_zero(slots_.size())) {}

std::size_t IdSet::slot_of(IdNumber id) const {
    // Multiplicative hashing: the upper bits of the product depend on all digits.
    std::size_t slot = (id * 0x9e3779b97f4a7c15) >> shift_;
    while (slots_[slot] != 0 && slots_[slot] != id) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

void IdSet::insert(IdNumber id) {
    slots_[slot_of(id)] = id;
}

bool FolderIds::has_socket(IdNumber id) const {
    return std::binary_search(sockets.begin(), sockets.end(), id);
}

void FolderIds::sockets_first() {
    std::stable_partition(recorded.begin(), recorded.end(), [&](IdNumber each) { return has_socket(each); });
}

std::vector<IdNumber> FolderIds::without_record() const {
    IdSet known(recorded.size());
    for (const IdNumber each : recorded) known.insert(each);
    std::vector<IdNumber> out;
    const auto note = [&](IdNumber id) {
        if (!known.contains(id)) out.push_back(id);
    };
    for (const IdNumber socket : sockets) note(socket);
    for (const IdNumber lock : locks) note(lock);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

FolderIds read_folder_ids(int dir) {
    FolderIds out;
    const int error = each_entry(dir, ".", [&](std::string_view name) {
        constexpr std::size_t ending_size = 5;
        if (name.size() <= ending_size) return;
        const std::string_view ending = name.substr(name.size() - ending_size);
        name.remove_suffix(ending_size);
        const bool record = ending == ".json", lock = ending == ".lock", socket = ending == ".sock";
        if ((!record && !lock && !socket) || !is_id(name)) return;
        const IdNumber id = number_of_id(name);
        if (record) out.recorded.push_back(id);
        if (lock) out.locks.push_back(id);
        if (socket) out.sockets.push_back(id);
    });
    // Runs that were not seen would count as gone. A folder that was removed has none.
    if (error != 0 && error != ENOENT)
        throw Failure(Exit::usage, "store", "cannot read the store: " + sys::describe_errno(error));
    std::sort(out.sockets.begin(), out.sockets.end());
    return out;
}

}  // namespace sigmund::run
