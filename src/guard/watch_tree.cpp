// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_tree.hpp"

#include <dirent.h>
#include <limits.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/error.hpp"
#include "sys/inotify.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::guard {
namespace {

constexpr unsigned names_mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MASK_ADD;
// IN_ATTRIB is needed because a folder may become readable.
constexpr unsigned folder_mask =
    names_mask | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_EXCL_UNLINK | IN_ONLYDIR;
constexpr unsigned passed_mask = IN_DELETE_SELF | IN_MOVE_SELF | IN_DONT_FOLLOW | IN_MASK_ADD;
constexpr unsigned file_mask = IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_MASK_ADD;
constexpr Millis work_length = 10;
// Bounds one turn, so that many events do not keep the guardian from other work.
constexpr int reads_a_turn = 16;

ChangeKind kind_of(std::uint32_t mask) {
    if (mask & IN_MOVED_TO) return ChangeKind::moved_to;
    if (mask & IN_MOVED_FROM) return ChangeKind::moved_from;
    if (mask & IN_DELETE) return ChangeKind::remove;
    return mask & IN_CREATE ? ChangeKind::create : ChangeKind::modify;
}

bool is_folder(const std::string& path) {
    struct stat st {};
    return ::lstat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

}  // namespace

WatchTree::Place& WatchTree::place_of(int watch) {
    return places_.try_emplace(watch, Place{paths_.end(), 0, nullptr}).first->second;
}

WatchTree::Way* WatchTree::way_to(const std::string& path, unsigned mask, int& error) {
    const int watch = sys::add_watch(inotify_, path, mask);
    if (watch < 0) {
        error = errno;
        if (error == ENOENT || error == ENOTDIR) way_lost_ = true;
        return nullptr;
    }
    error = 0;
    Place& place = place_of(watch);
    if (!place.way) place.way = std::make_unique<Way>();
    ways_.push_back(watch);
    return place.way.get();
}

int WatchTree::follow_ways(std::string* refused) {
    std::vector<int> before;
    before.swap(ways_);
    way_lost_ = false;
    for (const int watch : before)
        if (const auto found = places_.find(watch); found != places_.end()) found->second.way.reset();
    int result = 0, error = 0;
    const auto note = [&] {
        if (error == ENOSPC) result = error;
    };
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        const WatchRoot& root = roots_[i];
        // A folder on the way that may not be read cannot be watched, but the others can.
        for (const std::string& path : root.passed) {
            if (Way* way = way_to(path, passed_mask, error)) way->passed = true;
            note();
            struct stat st {};
            if (::lstat(path.c_str(), &st) != 0 || !S_ISLNK(st.st_mode)) continue;
            if (Way* way = way_to(parent_folder(path), names_mask | IN_ONLYDIR, error))
                way->names.emplace(path.substr(path.rfind('/') + 1), -1);
            note();
        }
        if (!root.there()) {
            if (Way* way = way_to(root.real, names_mask | IN_ONLYDIR, error))
                way->names.emplace(root.missing, -1);
            note();
        } else if (!root.folder) {
            // Its name is watched, since editors replace files, and the file too, since it may be mounted
            // from elsewhere.
            int of_name = 0;
            if (Way* way =
                    way_to(parent_folder(root.real), names_mask | IN_CLOSE_WRITE | IN_ONLYDIR, of_name))
                way->names[root.real.substr(root.real.rfind('/') + 1)] = static_cast<int>(i);
            if (Way* way = way_to(root.real, file_mask, error)) way->file = static_cast<int>(i);
            if (of_name != 0 && error != 0) {
                result = of_name;
                if (refused) *refused = root.path;
            }
            note();
        }
    }
    for (const int watch : before) {
        const auto found = places_.find(watch);
        if (found == places_.end() || found->second.way || found->second.path != paths_.end()) continue;
        ::inotify_rm_watch(inotify_.get(), watch);
        places_.erase(found);
    }
    return result;
}

void WatchTree::add(std::size_t root, std::optional<ChangeKind> appeared) {
    queue_.push_back({roots_[root].path, root, appeared});
}

void WatchTree::forget(int watch) {
    const auto found = places_.find(watch);
    if (found == places_.end()) return;
    if (found->second.way) {  // a named path is in the folder, or leads through it
        found->second.path = paths_.end();
        return;
    }
    ::inotify_rm_watch(inotify_.get(), watch);
    places_.erase(found);
}

void WatchTree::drop(const std::string& folder) {
    const auto from = folder == "/" ? paths_.begin() : paths_.lower_bound(folder);
    for (auto it = from; it != paths_.end() && it->first.starts_with(folder);) {
        if (!is_below(it->first, folder)) {
            ++it;
            continue;
        }
        forget(it->second);
        it = paths_.erase(it);
    }
    poll_.drop_below(folder);
}

void WatchTree::work(bool whole) {
    const Millis began = sys::monotonic_ms();
    while (!queue_.empty() && (whole || sys::monotonic_ms() - began < work_length)) {
        const Work next = std::move(queue_.front());
        queue_.pop_front();
        add_folder(next);
    }
}

// The folder is watched before its entries are read, so that an entry that appears in between is noticed in
// either case.
void WatchTree::add_folder(const Work& work) {
    const int watch = sys::add_watch(inotify_, work.folder, folder_mask);
    if (watch < 0) return refused(work, errno);
    // Another folder had this name before.
    if (const auto known = paths_.find(work.folder); known != paths_.end() && known->second != watch) {
        forget(known->second);
        paths_.erase(known);
    }
    Place& place = place_of(watch);
    // When two paths lead to one folder, the path of the nearest root counts.
    if (place.path != paths_.end() && place.path->first != work.folder) {
        if (roots_[place.root].path.size() > roots_[work.root].path.size()) return;
        paths_.erase(place.path);
    }
    place.path = paths_.insert_or_assign(work.folder, watch).first;
    if (roots_[work.root].path.size() >= roots_[place.root].path.size() ||
        !is_below(work.folder, roots_[place.root].path))
        place.root = static_cast<std::uint32_t>(work.root);
    read_folder(work);
}

void WatchTree::read_folder(const Work& work) {
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(work.folder.c_str()), ::closedir);
    if (!dir) return refused(work, errno);
    struct Entry {
        std::string name;
        bool folder;
    };
    std::vector<Entry> entries;
    bool rules = false, repository = false;
    while (const dirent* each = ::readdir(dir.get())) {
        const std::string name = each->d_name;
        if (name == "." || name == "..") continue;
        rules = rules || name == ".gitignore";
        repository = repository || name == ".git";
        const bool folder = each->d_type == DT_DIR ||
                            (each->d_type == DT_UNKNOWN && is_folder(joined_path(work.folder, name)));
        if (folder || work.appeared) entries.push_back({name, folder});
    }
    const WatchRoot& root = roots_[work.root];
    filter_.enter(root, work.folder, rules, repository);
    for (const Entry& entry : entries) {
        const std::string path = joined_path(work.folder, entry.name);
        if (entry.folder ? !filter_.enters(root, path) : !filter_.counts(root, path)) continue;
        if (entry.folder) queue_.push_back({path, work.root, work.appeared});
        if (work.appeared && (!entry.folder || filter_.counts_folders()))
            report_.changed(*work.appeared, path);
    }
}

void WatchTree::refused(const Work& work, int error) {
    if (error == ENOENT || error == ENOTDIR) return;  // it has gone, which is reported anyway
    const std::string shown = work.folder;
    if (error != ENOSPC && !sys::is_refused_call(error))
        return report_.complain("cannot watch " + shown + ": " + sys::describe_errno(error));
    if (!std::exchange(limit_told_, true)) {
        const sys::Limit limit = sys::inotify_limit(error);
        report_.complain("no inotify watch is available for " + shown + " and possibly others: " +
                         (limit.what.empty() ? sys::describe_errno(error) : limit.what) +
                         "; these are checked periodically instead (" + limit.hint +
                         (limit.hint.empty() ? "" : ", ") + "or exclude folders with --watch-exclude)");
    }
    poll_.add(work.folder, work.root, work.appeared);
}

void WatchTree::read() {
    alignas(inotify_event) char buffer[16 * 1024];
    for (int i = 0; i < reads_a_turn; ++i) {
        const ssize_t n = ::read(inotify_.get(), buffer, sizeof buffer);
        if (n <= 0) return;
        for (ssize_t at = 0; at < n;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            take(*event);
        }
    }
}

void WatchTree::take(const inotify_event& event) {
    if (event.mask & IN_Q_OVERFLOW) {
        overflow_ = true;
        return;
    }
    const auto found = places_.find(event.wd);
    if (found == places_.end()) return;
    Place& place = found->second;
    const bool in_tree = place.path != paths_.end();
    const std::string folder = in_tree ? place.path->first : "";
    const std::size_t root = place.root;
    const bool self = (event.mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0;
    if (self && (place.way || (in_tree && folder == roots_[root].path))) stale_ = true;
    if (event.mask & IN_IGNORED) {
        if (in_tree) paths_.erase(place.path);
        places_.erase(found);
        return;
    }
    if (place.way && event.len == 0) {
        const int file = place.way->file;
        if (event.mask & IN_ATTRIB) stale_ = stale_ || file >= 0;
        if ((event.mask & IN_CLOSE_WRITE) && file >= 0)
            report_.changed(ChangeKind::modify, roots_[static_cast<std::size_t>(file)].path);
    }
    if (self || event.len == 0) return;
    if (place.way) {
        const auto named = place.way->names.find(event.name);
        if (named != place.way->names.end()) {
            const int file = named->second;
            if (file >= 0 && !(event.mask & (IN_ISDIR | IN_ATTRIB)))
                report_.changed(kind_of(event.mask), roots_[static_cast<std::size_t>(file)].path);
            if (!(event.mask & (IN_CLOSE_WRITE | IN_ATTRIB))) stale_ = true;
        }
    }
    if (in_tree) take_in_folder(folder, root, event);
}

// The folders stay watched meanwhile: a checkout or a pull changes other files at the same moment, and the
// events of these must not be lost.
void WatchTree::rules_changed(const std::string& folder, std::size_t number) {
    filter_.reread(roots_[number], folder);
    std::vector<std::string> left;
    for (auto it = paths_.upper_bound(folder); it != paths_.end() && it->first.starts_with(folder); ++it) {
        const bool known = !left.empty() && is_below(it->first, left.back());
        if (known || !is_below(it->first, folder) || places_.at(it->second).root != number) continue;
        if (!filter_.enters(roots_[number], it->first)) left.push_back(it->first);
    }
    for (const std::string& each : left) {
        drop(each);
        for (std::size_t i = 0; i < roots_.size(); ++i)  // it was named, whatever the rules say
            if (i != number && roots_[i].folder && is_below(roots_[i].path, each)) add(i);
    }
    queue_.push_back({folder, number, {}});  // folders that were excluded until now
}

void WatchTree::take_in_folder(const std::string& folder, std::size_t number, const inotify_event& event) {
    const WatchRoot& root = roots_[number];
    const std::string path = joined_path(folder, event.name);
    const ChangeKind kind = kind_of(event.mask);
    if (!(event.mask & IN_ISDIR)) {
        if (event.mask & IN_ATTRIB) return;
        if (filter_.reads_rules() && std::string_view(event.name) == ".gitignore") {
            rules_changed(folder, number);
            return;
        }
        if (filter_.counts(root, path)) report_.changed(kind, path);
        return;
    }
    if (!filter_.enters(root, path)) return;
    if (event.mask & IN_ATTRIB) {
        if (!knows(path)) queue_.push_back({path, number, {}});
        return;
    }
    drop(path);
    const bool moved = (event.mask & (IN_MOVED_FROM | IN_MOVED_TO)) != 0;
    if (moved || filter_.counts_folders()) report_.changed(kind, path);
    if (event.mask & (IN_CREATE | IN_MOVED_TO)) queue_.push_back({path, number, kind});
}

}  // namespace sigmund::guard
