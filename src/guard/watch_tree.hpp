// SPDX-License-Identifier: Apache-2.0
// This file watches with inotify(7): every folder of the trees, and also the links, folders and names on the
// way to each named path, so that it notices when a path leads to another file.
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

    // Watches the way to each root, and the roots that are files; the watches of earlier ways are removed.
    // Returns 0, or the error of a watch that matters: ENOSPC for any, another error for a file, whose path
    // is then in `refused`.
    int follow_ways(std::string* refused = nullptr);
    // After follow_ways(): returns whether a folder on the way had gone by then, so that nothing reports its
    // return.
    bool way_lost() const { return way_lost_; }
    // Queues the whole tree of this root; work() adds its watches.
    void add(std::size_t root, std::optional<ChangeKind> appeared = {});
    // Removes the watches of the folder and everything below it.
    void drop(const std::string& folder);
    bool knows(const std::string& folder) const { return paths_.contains(folder); }

    // Handles some of the pending events.
    void read();
    // Returns whether there are folders left to add.
    bool busy() const { return !queue_.empty(); }
    // Adds folders for about 10 ms, or all of them with `whole`.
    void work(bool whole = false);
    // Return, and reset, whether a root may lead to another file, and whether events were lost.
    bool take_stale() { return std::exchange(stale_, false); }
    bool take_overflow() { return std::exchange(overflow_, false); }

  private:
    // A place on the way to a root, or a root that is not a folder.
    struct Way {
        bool passed = false;               // the way to a root goes through it
        int file = -1;                     // the number of the root that it is, or -1
        std::map<std::string, int> names;  // names in it: the number of the root of this name, or -1
    };
    using Paths = std::map<std::string, int>;
    struct Place {
        Paths::iterator path;  // of a folder in a tree; otherwise the end iterator
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
    Paths paths_;  // the folders of the trees and their watches
    std::unordered_map<int, Place> places_;
    std::vector<int> ways_;
    std::deque<Work> queue_;
    bool stale_ = false, overflow_ = false, limit_told_ = false;
};

}  // namespace sigmund::guard
