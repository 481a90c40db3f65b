// SPDX-License-Identifier: Apache-2.0
#include "guard/watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"
#include "sys/refused_call.hpp"
#include "sys/signals.hpp"
#include "text/duration.hpp"

namespace sigmund::guard {
namespace {

// In debounce times: a tree that keeps changing is not waited for any longer.
constexpr Millis longest_wait = 20;
// The bytes of SIGMUND_CHANGED and of SIGMUND_CHANGES. A string of execve(2) may have 128 KiB, and where the
// stack is limited all strings together may have no more than that.
constexpr std::size_t most_paths = 64 * 1024, most_lines = 32 * 1024;
constexpr std::size_t most_told = 8 * 1024;  // bytes of the text in `events`
constexpr Millis usual_pause = 1'000;        // the time between two checks, unless --watch-poll sets another
constexpr std::size_t most_complaints = 20;

constexpr int own_restarts = 5;     // this many in a row make the command suspect
constexpr Millis own_time = 2'000;  // a change this soon after a start was probably made by the command

}  // namespace

Watch::Watch(run::WatchSpec spec)
    : spec_(std::move(spec)),
      filter_(spec_),
      poll_(roots_, filter_, *this, spec_.poll > 0 ? spec_.poll : usual_pause) {
    for (const std::string& path : spec_.paths) {
        roots_.push_back(look_at_root(path));
        if (!roots_.back().there()) sys::fail(roots_.back().error, "watch", path);
        if (roots_.back().folder && ::access(path.c_str(), R_OK | X_OK) != 0) sys::fail(errno, "watch", path);
    }
    if (spec_.poll == 0) {
        sys::Fd inotify = sys::open_inotify();
        if (inotify)
            tree_ = std::make_unique<WatchTree>(std::move(inotify), roots_, filter_, poll_, *this);
        else
            complain_of_inotify("changes are not reported: ", errno);
    }
    std::string refused;
    const int error = tree_ ? tree_->follow_ways(&refused) : 0;
    if (error == ENOSPC || sys::is_refused_call(error)) {  // no change at all would be reported
        complain_of_inotify("no inotify watch is available: ", error);
        tree_.reset();
    } else if (error != 0) {
        sys::fail(error, "watch", refused);
    }
    if (!tree_) poll_.go_on_always();
    // A file system mounted over a watched folder is another one, and inotify does not report that.
    if (tree_) mounts_.reset(::open("/proc/self/mounts", O_RDONLY | O_CLOEXEC));
    for (std::size_t i = 0; i < roots_.size(); ++i) set_up(i, {});
    if (tree_) tree_->work(true);
    poll_.slice(sys::monotonic_ms(), true);
    news_ = false;
}

void Watch::complain_of_inotify(const char* what, int error) {
    const sys::Limit limit = sys::inotify_limit(error);
    complain(what + (limit.what.empty() ? sys::describe_errno(error) : limit.what) +
             "; the watched paths are checked every " + text::format_duration(usual_pause) + " instead" +
             (limit.hint.empty() ? "" : " (" + limit.hint + ')'));
}

void Watch::keep(std::vector<int>& descriptors) const {
    if (tree_) descriptors.push_back(tree_->descriptor());
    if (mounts_) descriptors.push_back(mounts_.get());
}

void Watch::watch(std::vector<pollfd>& set) const {
    set.push_back({tree_ ? tree_->descriptor() : -1, POLLIN, 0});
    set.push_back({mounts_ ? mounts_.get() : -1, POLLPRI, 0});
}

void Watch::set_up(std::size_t root, std::optional<ChangeKind> appeared) {
    if (!roots_[root].there()) return;
    filter_.begin(roots_[root]);
    if (!roots_[root].folder) return;
    if (tree_)
        tree_->add(root, appeared);
    else
        poll_.add(roots_[root].path, root, appeared);
}

void Watch::changed(ChangeKind kind, const std::string& path) {
    news_ = true;
    changes_.add(kind, path);
}

void Watch::complain(const std::string& text) {
    if (complained_.size() > most_complaints || !complained_.insert(text).second) return;
    complaints_.push_back(complained_.size() > most_complaints ? "more paths cannot be watched" : text);
}

void Watch::say_complaints(Host& host) {
    for (const std::string& text : complaints_) host.note("--watch: " + text);
    complaints_.clear();
}

// A named path may lead to another file by now: a link was changed, or a folder was moved or created again.
// The new file is watched only after the check, so a change in between is found by the next check.
void Watch::look_at_roots() {
    constexpr int looks = 200;  // a path that keeps changing is checked again with its next event
    for (int look = 0; look < looks && look_at_roots_once(); ++look) {
    }
}

bool Watch::look_at_roots_once() {
    bool differs = false;
    std::vector<std::optional<ChangeKind>> appeared(roots_.size());
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        WatchRoot now = look_at_root(roots_[i].path);
        const WatchRoot& before = roots_[i];
        const bool was = before.there();
        if (now.same(before)) {
            if (!tree_ && now.stamp != before.stamp) changed(ChangeKind::modify, before.path);
            roots_[i] = std::move(now);
            continue;
        }
        differs = true;
        if (was && before.folder) {
            if (tree_) tree_->drop(before.path);
            poll_.drop_below(before.path);
        }
        if (was || now.there())
            changed(was && now.there() ? ChangeKind::modify
                    : was              ? ChangeKind::remove
                                       : ChangeKind::create,
                    before.path);
        if (!was) appeared[i] = ChangeKind::create;
        roots_[i] = std::move(now);
    }
    // This is needed even when nothing differs: a link that was created again is another file.
    if (tree_ && tree_->follow_ways() == ENOSPC && !std::exchange(looks_each_pass_, true)) {
        const sys::Limit limit = sys::inotify_limit(ENOSPC);
        complain("no inotify watch is available on the way to " + roots_[0].path + ": " + limit.what +
                 "; the path is checked periodically instead (" + limit.hint + ')');
        poll_.go_on_always();
    }
    if (!differs) return tree_ && tree_->way_lost();
    // All roots are set up again: folders below two roots were dropped for both.
    for (std::size_t i = 0; i < roots_.size(); ++i) set_up(i, appeared[i]);
    return true;
}

// The queue of events overflowed: folders may have come and gone unnoticed.
void Watch::overflowed() {
    const std::string most = sys::read_small("/proc/sys/fs/inotify/max_queued_events", 64);
    complain("there were more changes at once than the kernel's queue holds (fs.inotify.max_queued_events, " +
             most.substr(0, most.find('\n')) + "); everything that is watched counts as changed");
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        tree_->drop(roots_[i].path);
        changed(ChangeKind::rescan, roots_[i].path);
    }
    look_at_roots();
    for (std::size_t i = 0; i < roots_.size(); ++i) set_up(i, {});
}

Millis Watch::deadline() const {
    Millis due = due_;
    const auto earlier = [&](Millis at) {
        if (at >= 0 && (due < 0 || at < due)) due = at;
    };
    if (tree_ && tree_->busy()) earlier(0);
    earlier(poll_.deadline());
    return due;
}

void Watch::life_began(Millis now, Host& host) {
    alive_ = true;
    life_began_ = now;
    say_complaints(host);
    told_.clear();
    if (!variables_set_) return;
    variables_set_ = false;
    host.set_variable("SIGMUND_CHANGED", "");  // a life that begins for another reason gets no changes
    host.set_variable("SIGMUND_CHANGES", "");
}

void Watch::life_ended(Host&) {
    alive_ = false;
}

void Watch::fire(std::span<const pollfd> polled, Millis now, Host& host) {
    news_ = false;
    if (tree_) {
        if (!polled.empty() && polled[0].revents != 0) tree_->read();
        if (tree_->take_overflow()) overflowed();
        const bool mounted = polled.size() > 1 && polled[1].revents != 0;
        if (tree_->take_stale() || mounted) look_at_roots();
        if (mounted)  // possibly over a folder in one of the trees
            for (std::size_t i = 0; i < roots_.size(); ++i) set_up(i, {});
        tree_->work();
    }
    if (poll_.pass_due(now)) {
        if (!tree_ || looks_each_pass_) look_at_roots();
        poll_.begin_pass();
        poll_.slice(now);
    } else if (poll_.deadline() == 0) {
        poll_.slice(now);
    }
    say_complaints(host);
    if (news_) {
        if (due_ < 0) first_ = now;
        due_ = std::min(now + spec_.debounce, first_ + spec_.debounce * longest_wait);
    }
    if (due_ < 0 || now < due_) return;
    due_ = -1;
    // A file that was created and removed within this time is no change.
    if (!changes_.empty()) act(host);
}

void Watch::act(Host& host) {
    suspect_own_writes(host);
    host.tell(DiskChanges{changes_.lines(most_told)});
    // The life of a restart that is still under way was not told of these changes.
    told_.add(changes_);
    changes_.clear();
    if (spec_.signal != 0 && alive_) {
        told_.clear();
        host.signal_run(spec_.signal);
        return;
    }
    variables_set_ = true;
    host.set_variable("SIGMUND_CHANGED", told_.paths(most_paths));
    host.set_variable("SIGMUND_CHANGES", told_.lines(most_lines));
    host.post({.kind = EventKind::restart, .cause = Cause::watch});
}

// The kernel does not report which process has written. But when the same file changes soon after each start,
// or always after the same time, five times in a row, that is not a person at an editor.
void Watch::suspect_own_writes(Host& host) {
    const Millis delay = first_ - life_began_;
    const bool soon = delay < own_time;
    const bool alike = alive_ && std::abs(delay - own_delay_) <= own_delay_ / 10;
    own_delay_ = delay;
    std::set<std::string> paths;
    for (const auto& [path, kind] : changes_.kinds())
        if (own_ == 0 || own_paths_.contains(path)) paths.insert(path);
    if (life_began_ < 0 || paths.empty() || !(soon || alike)) {
        own_ = 0;
        own_paths_.clear();
        return;
    }
    own_paths_.swap(paths);
    if (++own_ < own_restarts || std::exchange(own_told_, true)) return;
    host.note("--watch: the command seems to write to the files that it watches: each of its last " +
              std::to_string(own_restarts) + " starts was followed by a change of " + *own_paths_.begin() +
              "; exclude that with --watch-exclude or a .gitignore file");
}

}  // namespace sigmund::guard
