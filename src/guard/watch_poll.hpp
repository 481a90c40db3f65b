// SPDX-License-Identifier: Apache-2.0
// Watching by looking again and again, where the kernel tells of nothing: a file system without events, or no
// watch left. A pass over the folders is done in slices, so that the guardian never works for long, and its
// pause grows with what a pass takes.
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "guard/watch_filter.hpp"
#include "guard/watch_report.hpp"
#include "sys/clock.hpp"

namespace sigmund::guard {

using sys::Millis;

// Of a file: what differs after it was written (time, size, inode), in one number.
std::uint64_t stamp_of(const struct stat& st);

class WatchPoll {
  public:
    WatchPoll(const std::vector<WatchRoot>& roots, WatchFilter& filter, WatchReport& report, Millis pause)
        : roots_(roots), filter_(filter), report_(report), pause_(pause) {}

    // Passes go on also when no folder is looked at: for the roots' sake.
    void go_on_always() { always_ = true; }

    // From now on the folder and all below it are looked at, for that root. `appeared`: what is in it at the
    // first look has changed, in this way.
    void add(const std::string& folder, std::size_t root, std::optional<ChangeKind> appeared = {});
    void drop_below(const std::string& folder);

    // When slice() is due next; -1: never.
    Millis deadline() const;
    // Whether a pass is to begin: the roots are looked at then.
    bool pass_due(Millis now) const { return queue_.empty() && deadline() >= 0 && now >= deadline(); }
    void begin_pass();
    // Looks at folders for some 10 ms; all of them with `whole`.
    void slice(Millis now, bool whole = false);

  private:
    struct Entry {
        std::string name;
        std::uint64_t stamp = 0;
        bool folder = false;
    };
    struct Folder {
        std::size_t root = 0;
        bool known = false;
        std::optional<ChangeKind> appeared;
        std::vector<Entry> entries;  // sorted by name
    };
    void look(const std::string& path);
    bool read_entries(const std::string& path, Folder& folder, std::vector<Entry>& out);
    void compare(const std::string& path, Folder& folder, std::vector<Entry>& now);
    void lost(const std::string& path);

    const std::vector<WatchRoot>& roots_;
    WatchFilter& filter_;
    WatchReport& report_;
    Millis pause_, next_ = 0, spent_ = 0;
    bool always_ = false;
    std::map<std::string, Folder> folders_;
    std::deque<std::string> queue_;
};

}  // namespace sigmund::guard
