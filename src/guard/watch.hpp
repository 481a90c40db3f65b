// SPDX-License-Identifier: Apache-2.0
// --watch: folders and files on disk, with all below them, by inotify(7). A change that is followed by some
// quiet starts the command again, with the changed paths in SIGMUND_CHANGED.
#pragma once
#include <map>
#include <set>
#include <string>

#include "guard/source.hpp"
#include "run/probe.hpp"
#include "sys/fd.hpp"

struct inotify_event;

namespace sigmund::guard {

class Watch final : public Source {
  public:
    // must: watches all of it; throws std::system_error naming the path (ENOENT, ENOSPC: the limit of
    // watches). Made before the guardian is forked, whose copy goes on with the same kernel object.
    explicit Watch(run::WatchSpec spec);
    int descriptor() const { return inotify_.get(); }

    void watch(std::vector<pollfd>& set) const override { set.push_back({inotify_.get(), POLLIN, 0}); }
    Millis deadline() const override { return due_; }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;

  private:
    struct Place {
        std::string folder;
        bool whole = true;  // everything in it; else only `names`
        std::set<std::string> names;
    };
    void add(const std::string& folder, bool must, bool report);
    bool add_name(const std::string& path, bool must);
    void watch_again();
    bool is_root(const std::string& folder) const;
    void forget_below(const std::string& folder);
    void changed(const std::string& path);
    void overflowed();
    void take(const inotify_event& event);
    bool skips_folder(const std::string& path, const std::string& name) const;
    bool counts(const std::string& name) const;

    run::WatchSpec spec_;
    sys::Fd inotify_;
    std::map<int, Place> places_;
    std::set<std::string> changed_;  // since the last restart was asked for
    std::set<std::string> told_;     // and before, that no life has been told of yet
    bool news_ = false;              // this time something was seen that counts
    Millis due_ = -1, first_ = 0;
};

}  // namespace sigmund::guard
