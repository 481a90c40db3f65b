// SPDX-License-Identifier: Apache-2.0
// This file finds changes by checking periodically, where the kernel does not report them: on a file system
// without events, or when no inotify watch is available. A pass over the folders is split into slices, so
// that the guardian never works for long, and the pause grows with the time that a pass takes.
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

// Combines what a write changes (time, size, inode) in one number.
std::uint64_t stamp_of(const struct stat& st);

class WatchPoll {
  public:
    WatchPoll(const std::vector<WatchRoot>& roots, WatchFilter& filter, WatchReport& report, Millis pause)
        : roots_(roots), filter_(filter), report_(report), pause_(pause) {}

    // Continues with passes even when no folder is polled, so that the roots are checked.
    void go_on_always() { always_ = true; }

    // Polls the folder and everything below it, for that root. With `appeared`, everything that the first
    // pass finds in it counts as changed in this way.
    void add(const std::string& folder, std::size_t root, std::optional<ChangeKind> appeared = {});
    // Stops polling the folder and everything below it.
    void drop_below(const std::string& folder);

    // Returns when slice() is due (monotonic ms), or -1 for never.
    Millis deadline() const;
    // Returns whether a pass is due. The caller then checks the roots.
    bool pass_due(Millis now) const { return queue_.empty() && deadline() >= 0 && now >= deadline(); }
    // Begins a pass over all polled folders.
    void begin_pass();
    // Checks folders for about 10 ms, or all of them with `whole`.
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
