// SPDX-License-Identifier: Apache-2.0
#include "guard/watch.hpp"

#include <dirent.h>
#include <limits.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "sys/error.hpp"

namespace sigmund::guard {
namespace {

constexpr std::uint32_t folder_mask = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                      IN_DELETE_SELF | IN_MOVE_SELF | IN_EXCL_UNLINK | IN_ONLYDIR |
                                      IN_MASK_ADD;
constexpr Millis longest_wait = 20;  // in debounces: a tree that never rests is not waited for without end
constexpr int reads_a_turn = 16;     // so that a storm does not keep the guardian from its other work
constexpr std::size_t most_named =
    64 * 1024;  // bytes of SIGMUND_CHANGED; a string of execve(2) may have 128 KiB

bool is_folder(const std::string& path, bool follow) {
    struct stat st {};
    return (follow ? ::stat(path.c_str(), &st) : ::lstat(path.c_str(), &st)) == 0 && S_ISDIR(st.st_mode);
}

bool below(const std::string& path, const std::string& folder) {
    return path == folder ||
           (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

Watch::Watch(run::WatchSpec spec) : spec_(std::move(spec)) {
    inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify_) sys::fail(errno, "inotify_init1");
    for (const std::string& path : spec_.paths) {
        if (is_folder(path, true)) {
            add(path, true, false);
            continue;
        }
        if (::access(path.c_str(), F_OK) != 0) sys::fail(errno, "watch", path);
        add_name(path, true);
    }
}

// A file, or a folder that is not there now: editors replace the one, tools make the other anew, so the
// nearest folder above it is watched, for this name. Returns whether it is its own folder, and was not
// watched for it before.
bool Watch::add_name(const std::string& path, bool must) {
    for (std::string name = path;;) {
        const auto slash = name.rfind('/');
        const std::string folder = slash == 0 ? "/" : name.substr(0, slash);
        const int wd = ::inotify_add_watch(inotify_.get(), folder.c_str(), folder_mask);
        if (wd >= 0) {
            Place& place = places_[wd];
            if (place.folder.empty()) place = {folder, false, {}};
            return place.names.insert(name.substr(slash + 1)).second && name == path;
        }
        if (must) sys::fail(errno, "watch", folder);
        if (slash == 0) return false;
        name = folder;
    }
}

// What was asked for has gone, or something of its name has come.
void Watch::watch_again() {
    for (const std::string& path : spec_.paths) {
        if (!is_folder(path, true) && add_name(path, false) && ::access(path.c_str(), F_OK) == 0)
            changed(path);
        // Looked at again: it may have come before its name was watched.
        if (is_folder(path, true)) {
            const bool known = std::any_of(places_.begin(), places_.end(), [&](const auto& each) {
                return each.second.whole && each.second.folder == path;
            });
            if (!known) add(path, false, true);
        }
    }
}

bool Watch::is_root(const std::string& folder) const {
    return std::find(spec_.paths.begin(), spec_.paths.end(), folder) != spec_.paths.end();
}

bool Watch::skips_folder(const std::string& path, const std::string& name) const {
    if (name.starts_with('.') || name == "CVS") return true;
    return std::any_of(spec_.excludes.begin(), spec_.excludes.end(), [&](const std::string& exclude) {
        return exclude.starts_with('/') ? path == exclude : name == exclude;
    });
}

bool Watch::counts(const std::string& name) const {
    if (name.starts_with('.') || name.ends_with('~')) return false;
    return spec_.extensions.empty() ||
           std::any_of(spec_.extensions.begin(), spec_.extensions.end(),
                       [&](const std::string& extension) { return name.ends_with(extension); });
}

// The folder first, then what is in it: what appears in between is seen one way or the other. `report`: what
// is in it already counts as changed.
void Watch::add(const std::string& folder, bool must, bool report) {
    const int wd = ::inotify_add_watch(inotify_.get(), folder.c_str(), folder_mask);
    if (wd < 0) {
        if (must) sys::fail(errno, "watch", folder);
        return;
    }
    places_[wd] = {folder, true, {}};
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), ::closedir);
    if (!dir) return;
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        const std::string path = (folder == "/" ? "" : folder) + '/' + name;
        const bool inner = entry->d_type == DT_DIR || (entry->d_type == DT_UNKNOWN && is_folder(path, false));
        if (inner && !skips_folder(path, name))
            add(path, must, report);
        else if (!inner && report && counts(name))
            changed(path);
    }
}

void Watch::forget_below(const std::string& folder) {
    for (auto it = places_.begin(); it != places_.end();) {
        if (below(it->second.folder, folder)) {
            ::inotify_rm_watch(inotify_.get(), it->first);
            it = places_.erase(it);
        } else {
            ++it;
        }
    }
}

void Watch::changed(const std::string& path) {
    news_ = true;
    if (changed_.size() < most_named / 16) changed_.insert(path);
}

// The queue was too long (fs.inotify.max_queued_events): folders may have come unseen.
void Watch::overflowed() {
    news_ = true;
    for (const std::string& path : spec_.paths)
        if (is_folder(path, true)) add(path, false, false);
    watch_again();
}

void Watch::take(const inotify_event& event) {
    if (event.mask & IN_Q_OVERFLOW) return overflowed();
    const auto found = places_.find(event.wd);
    if (found == places_.end()) return;
    const Place place = found->second;
    // Of the folder itself its parent tells, unless nobody watches that.
    const bool lost = (event.mask & (IN_IGNORED | IN_UNMOUNT)) != 0;
    const bool moved = (event.mask & IN_MOVE_SELF) != 0 && (!place.whole || is_root(place.folder));
    if (lost) places_.erase(found);
    if (moved) forget_below(place.folder);
    if (lost || moved) {
        if (is_root(place.folder)) changed(place.folder);
        if (!place.whole || is_root(place.folder)) watch_again();
        return;
    }
    if (event.len == 0) return;
    const std::string name = event.name;
    const std::string path = (place.folder == "/" ? "" : place.folder) + '/' + name;
    if (!place.whole && !place.names.contains(name)) return;
    if (!place.whole) {
        if (is_root(path)) changed(path);
        if (event.mask & (IN_CREATE | IN_MOVED_TO)) watch_again();
        return;
    }
    if (event.mask & IN_ISDIR) {
        if (skips_folder(path, name)) return;
        if (event.mask & (IN_MOVED_FROM | IN_DELETE)) {
            forget_below(path);
            changed(path);
        } else if (event.mask & (IN_CREATE | IN_MOVED_TO)) {
            forget_below(path);
            add(path, false, true);
            if (event.mask & IN_MOVED_TO) changed(path);
        }
        return;
    }
    if (counts(name)) changed(path);
}

void Watch::life_began(Millis, Host& host) {
    if (told_.empty()) return;
    told_.clear();
    host.set_variable("SIGMUND_CHANGED", "");  // not for a life that another reason begins
}

void Watch::fire(std::span<const pollfd> polled, Millis now, Host& host) {
    news_ = false;
    if (!polled.empty() && polled[0].revents != 0) {
        alignas(inotify_event) char buffer[16 * 1024];
        for (int i = 0; i < reads_a_turn; ++i) {
            const ssize_t n = ::read(inotify_.get(), buffer, sizeof buffer);
            if (n <= 0) break;
            for (ssize_t at = 0; at < n;) {
                const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
                take(*event);
            }
        }
    }
    if (news_) {
        if (due_ < 0) first_ = now;
        due_ = std::min(now + spec_.debounce, first_ + spec_.debounce * longest_wait);
    }
    if (due_ < 0 || now < due_) return;
    due_ = -1;
    // Of a restart that is still under way its life has not been told.
    if (told_.size() < most_named / 16) told_.merge(changed_);
    std::string names;
    for (const std::string& path : told_) {
        if (names.size() + path.size() + 1 > most_named) break;
        names += (names.empty() ? "" : "\n") + path;
    }
    changed_.clear();
    host.set_variable("SIGMUND_CHANGED", names);
    host.post({.kind = EventKind::restart, .cause = Cause::watch});
}

}  // namespace sigmund::guard
