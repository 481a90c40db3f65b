// SPDX-License-Identifier: Apache-2.0
// --watch: files and folders on disk, with all below them. A change that is followed by some quiet starts the
// command again, or sends it a signal; the changed paths are in SIGMUND_CHANGED, with their kinds in
// SIGMUND_CHANGES.
//
//   watch.cpp          when a change counts, and what follows
//   watch_tree.cpp     changes as inotify tells of them
//   watch_poll.cpp     changes as they are seen by looking again
//   watch_filter.cpp   what does not count
//   watch_root.cpp     what a named path stands for
//   watch_changes.cpp  changes as values
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "guard/source.hpp"
#include "guard/watch_filter.hpp"
#include "guard/watch_poll.hpp"
#include "guard/watch_report.hpp"
#include "guard/watch_tree.hpp"
#include "run/probe.hpp"

namespace sigmund::guard {

class Watch final : public Source, public WatchReport {
  public:
    // must: watches all of it; throws std::system_error naming a path that cannot be. Made before the
    // guardian is forked, whose copy goes on with the same kernel object.
    explicit Watch(run::WatchSpec spec);
    // Its descriptors that are open.
    void keep(std::vector<int>& descriptors) const;

    void watch(std::vector<pollfd>& set) const override;
    Millis deadline() const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;
    void life_ended(Host& host) override;

    void changed(ChangeKind kind, const std::string& path) override;
    void complain(const std::string& text) override;

  private:
    void set_up(std::size_t root, std::optional<ChangeKind> appeared);
    void look_at_roots();
    bool look_at_roots_once();  // whether it must be looked at again
    void overflowed();
    void act(Host& host);
    void suspect_own_writes(Host& host);
    void say_complaints(Host& host);

    run::WatchSpec spec_;
    WatchFilter filter_;
    std::vector<WatchRoot> roots_;
    WatchPoll poll_;
    std::unique_ptr<WatchTree> tree_;  // none: everything is polled
    sys::Fd mounts_;                   // with tree_: tells when something is mounted (proc(5))
    Changes changes_;                  // since the command was last to be told
    Changes told_;                     // and before, that no life has been told of yet
    std::vector<std::string> complaints_;
    std::set<std::string> complained_;
    bool looks_each_pass_ = false;  // not all that leads to the roots could be watched
    bool news_ = false;             // this time something was seen that counts
    bool alive_ = false;
    bool variables_set_ = false;
    Millis due_ = -1, first_ = 0;
    // Whether the command itself writes what starts it again.
    Millis life_began_ = -1, own_delay_ = 0;
    int own_ = 0;  // restarts in a row that it seems to have caused
    std::set<std::string> own_paths_;
    bool own_told_ = false;
};

}  // namespace sigmund::guard
