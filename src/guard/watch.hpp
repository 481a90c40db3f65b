// SPDX-License-Identifier: Apache-2.0
// --watch: files and folders on disk, with everything below them. A change that is followed by a quiet period
// restarts the command or sends it a signal. The changed paths are in SIGMUND_CHANGED, with their kinds in
// SIGMUND_CHANGES.
//
//   watch.cpp          when a change counts, and what follows
//   watch_tree.cpp     changes reported by inotify
//   watch_poll.cpp     changes found by checking periodically
//   watch_filter.cpp   paths that do not count
//   watch_root.cpp     the file that a named path leads to
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
    // Watches everything in `spec`. Throws std::system_error that names a path which cannot be watched. It is
    // constructed before the guardian is forked; the guardian's copy continues with the same inotify
    // instance.
    explicit Watch(run::WatchSpec spec);
    // Appends its open descriptors.
    void keep(std::vector<int>& descriptors) const;

    void watch(std::vector<pollfd>& set) const override;
    Millis deadline() const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;
    void life_ended(Host& host) override;

    void changed(ChangeKind kind, const std::string& path) override;
    void complain(const std::string& text) override;

  private:
    void complain_of_inotify(const char* what, int error);
    void set_up(std::size_t root, std::optional<ChangeKind> appeared);
    void look_at_roots();
    bool look_at_roots_once();  // returns whether the roots must be checked again
    void overflowed();
    void act(Host& host);
    void suspect_own_writes(Host& host);
    void say_complaints(Host& host);

    run::WatchSpec spec_;
    WatchFilter filter_;
    std::vector<WatchRoot> roots_;
    WatchPoll poll_;
    std::unique_ptr<WatchTree> tree_;  // null: everything is polled
    sys::Fd mounts_;                   // with tree_: reports mounts (proc(5))
    Changes changes_;                  // changes since the command was last told
    Changes told_;                     // earlier changes that no life was told of
    std::vector<std::string> complaints_;
    std::set<std::string> complained_;
    bool looks_each_pass_ = false;  // some folders on the way to the roots could not be watched
    bool news_ = false;             // the current pass has found a change that counts
    bool alive_ = false;
    bool variables_set_ = false;
    Millis due_ = -1, first_ = 0;
    // These tell whether the command itself writes the files whose changes restart it.
    Millis life_began_ = -1, own_delay_ = 0;
    int own_ = 0;  // restarts in a row that the command seems to have caused
    std::set<std::string> own_paths_;
    bool own_told_ = false;
};

}  // namespace sigmund::guard
