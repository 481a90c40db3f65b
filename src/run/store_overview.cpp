// SPDX-License-Identifier: Apache-2.0
// What can be told about the runs of a store without reading their records.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "run/folder_ids.hpp"
#include "run/store.hpp"
#include "sys/clock.hpp"

namespace sigmund::run {
namespace {

// Returns when a file was last written, in nanoseconds.
std::optional<std::int64_t> write_time(int dir, const std::string& name) {
    struct statx st {};
    if (::statx(dir, name.c_str(), AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_MTIME, &st) != 0)
        return std::nullopt;
    return st.stx_mtime.tv_sec * 1'000'000'000 + st.stx_mtime.tv_nsec;
}

}  // namespace

Overview Store::overview(std::size_t newest, std::size_t most_others, sys::Millis until) const {
    Overview out;
    if (!present()) return out;
    FolderIds found = read_folder_ids(dir_.get());
    found.sockets_first();
    IdSet locks(found.locks.size());
    for (const IdNumber each : found.locks) locks.insert(each);
    struct Over {
        std::int64_t written;
        IdNumber id;
    };
    std::vector<Over> over;
    over.reserve(found.recorded.size());
    bool asks = newest > 0;
    for (const IdNumber each : found.recorded) {
        const bool ended = !found.has_socket(each) && locks.contains(each);
        const std::string id = id_of_number(each);
        if (over.size() % 64 == 63) asks = asks && sys::monotonic_ms() < until;
        const auto written = !ended  ? std::nullopt
                             : !asks ? std::optional<std::int64_t>(0)
                                     : write_time(dir_.get(), file_name(id, File::record));
        if (written)
            over.push_back({*written, each});
        else
            out.perhaps_live.push_back(id);
    }
    for (std::string& id : guarded_without_record(found)) out.perhaps_live.push_back(std::move(id));
    const auto first = over.begin() + static_cast<std::ptrdiff_t>(std::min(newest, over.size()));
    std::partial_sort(over.begin(), first, over.end(),
                      [](const Over& a, const Over& b) { return a.written > b.written; });
    for (auto each = over.begin(); each != first; ++each) out.newest.push_back(id_of_number(each->id));
    out.others = static_cast<std::size_t>(over.end() - first);
    if (out.others <= most_others)
        for (auto each = first; each != over.end(); ++each) out.other_ids.push_back(id_of_number(each->id));
    return out;
}

}  // namespace sigmund::run
