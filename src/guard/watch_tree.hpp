// SPDX-License-Identifier: Apache-2.0
// Watching by inotify(7): every folder of the trees, and the links, folders and names on the way to what was
// named, so that it is noticed when a path stands for something else.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "guard/watch_filter.hpp"
#include "guard/watch_poll.hpp"
#include "guard/watch_report.hpp"
#include "sys/fd.hpp"

struct inotify_event;

namespace sigmund::guard {

class WatchTree {
  public:
    WatchTree(sys::Fd inotify, const std::vector<WatchRoot>& roots, WatchFilter& filter, WatchPoll& poll,
              WatchReport& report)
        : inotify_(std::move(inotify)), roots_(roots), filter_(filter), poll_(poll), report_(report) {}
    int descriptor() const { return inotify_.get(); }

    // Watches what leads to each root, and the files among them; what led there before is given up. Returns
    // 0, or the error of what cannot be watched although it matters: ENOSPC for anything, any error for a
    // file, then with its path in `refused`.
    int follow_ways(std::string* refused = nullptr);
    // After follow_ways(): a folder on the way was gone by then, and nothing tells of what comes there.
    bool way_lost() const { return way_lost_; }
    // The whole tree of this root, soon.
    void add(std::size_t root, std::optional<ChangeKind> appeared = {});
    void drop(const std::string& folder);
    bool knows(const std::string& folder) const { return paths_.contains(folder); }

    // Takes some of the events that are there.
    void read();
    // Folders are still to be added.
    bool busy() const { return !queue_.empty(); }
    // Adds folders for some 10 ms; all of them with `whole`.
    void work(bool whole = false);
    // Since the last time: a root may stand for something else; events were lost.
    bool take_stale() { return std::exchange(stale_, false); }
    bool take_overflow() { return std::exchange(overflow_, false); }

  private:
    // What leads to a root, or is one that is no folder.
    struct Way {
        bool passed = false;               // what leads there goes through it
        int file = -1;                     // the root that it is
        std::map<std::string, int> names;  // in it: the root of this name, or -1
    };
    using Paths = std::map<std::string, int>;
    struct Place {
        Paths::iterator path;  // of a tree's folder; else the end
        std::uint32_t root = 0;
        std::unique_ptr<Way> way;
    };
    struct Work {
        std::string folder;
        std::size_t root;
        std::optional<ChangeKind> appeared;
    };
    Place& place_of(int watch);
    Way* way_to(const std::string& path, unsigned mask, int& error);
    void add_folder(const Work& work);
    void read_folder(const Work& work);
    void refused(const Work& work, int error);
    void take(const inotify_event& event);
    void take_in_folder(const std::string& folder, std::size_t root, const inotify_event& event);
    void rules_changed(const std::string& folder, std::size_t root);
    void forget(int watch);

    sys::Fd inotify_;
    bool way_lost_ = false;
    const std::vector<WatchRoot>& roots_;
    WatchFilter& filter_;
    WatchPoll& poll_;
    WatchReport& report_;
    Paths paths_;  // of the trees' folders: their watches
    std::unordered_map<int, Place> places_;
    std::vector<int> ways_;
    std::deque<Work> queue_;
    bool stale_ = false, overflow_ = false, limit_told_ = false;
};

}  // namespace sigmund::guard
