// SPDX-License-Identifier: Apache-2.0
// What can be told about the runs of a store without reading their records.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "run/folder_ids.hpp"
#include "run/store.hpp"
#include "sys/lock.hpp"

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

Overview Store::overview(std::size_t newest) const {
    Overview out;
    if (!present()) return out;
    const FolderIds found = read_folder_ids(dir_.get());
    // The kernel may show the file system's own inodes here (overlayfs), and it does not show the locks of other
    // PID namespaces. The sockets tell of those runs.
    const auto locked = sys::locked_inodes();
    struct Over {
        std::int64_t written;
        IdNumber id;
    };
    std::vector<Over> over;
    for (const IdNumber each : found.recorded) {
        const std::uint64_t lock = found.lock_of(each);
        const bool held = !locked || std::binary_search(locked->begin(), locked->end(), lock);
        std::string id = id_of_number(each);
        const auto written = found.has_socket(each) || lock == 0 || held
                                 ? std::nullopt
                                 : write_time(dir_.get(), file_name(id, File::record));
        if (written)
            over.push_back({*written, each});
        else
            out.perhaps_live.push_back(std::move(id));
    }
    for (std::string& id : guarded_without_record(found)) out.perhaps_live.push_back(std::move(id));
    const auto first = over.begin() + static_cast<std::ptrdiff_t>(std::min(newest, over.size()));
    std::partial_sort(over.begin(), first, over.end(),
                      [](const Over& a, const Over& b) { return a.written > b.written; });
    for (auto each = over.begin(); each != over.end(); ++each)
        (each < first ? out.newest : out.others).push_back(id_of_number(each->id));
    return out;
}

}  // namespace sigmund::run
