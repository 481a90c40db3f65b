// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_poll.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "sys/error.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis slice_length = 10;
constexpr Millis rest_for_work = 20;  // a pass may use a twentieth of the time

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdULL;
}

}  // namespace

std::uint64_t stamp_of(const struct stat& st) {
    std::uint64_t hash =
        mix(static_cast<std::uint64_t>(st.st_mtim.tv_sec), static_cast<std::uint64_t>(st.st_mtim.tv_nsec));
    return mix(mix(mix(hash, static_cast<std::uint64_t>(st.st_size)), st.st_ino), st.st_mode & S_IFMT);
}

void WatchPoll::add(const std::string& folder, std::size_t root, std::optional<ChangeKind> appeared) {
    Folder& place = folders_[folder];
    place.root = root;
    if (!place.known) place.appeared = appeared;
    queue_.push_back(folder);
}

void WatchPoll::drop_below(const std::string& folder) {
    for (auto it = folders_.lower_bound(folder); it != folders_.end() && it->first.starts_with(folder);)
        it = is_below(it->first, folder) ? folders_.erase(it) : std::next(it);
}

Millis WatchPoll::deadline() const {
    if (!queue_.empty()) return 0;
    return folders_.empty() && !always_ ? -1 : next_;
}

void WatchPoll::begin_pass() {
    spent_ = 0;
    for (const auto& [path, folder] : folders_) queue_.push_back(path);
}

void WatchPoll::slice(Millis now, bool whole) {
    const Millis began = sys::monotonic_ms();
    while (!queue_.empty() && (whole || sys::monotonic_ms() - began < slice_length)) {
        const std::string path = std::move(queue_.front());
        queue_.pop_front();
        look(path);
    }
    spent_ += sys::monotonic_ms() - began;
    if (queue_.empty()) next_ = now + std::max(pause_, spent_ * rest_for_work);
}

// Reads the entries of a folder that count. Returns whether the folder could be read.
bool WatchPoll::read_entries(const std::string& path, Folder& folder, std::vector<Entry>& out) {
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), ::closedir);
    if (!dir) return false;
    const WatchRoot& root = roots_[folder.root];
    std::vector<Entry> all;
    bool rules = false, repository = false;
    while (const dirent* each = ::readdir(dir.get())) {
        const std::string name = each->d_name;
        if (name == "." || name == "..") continue;
        rules = rules || name == ".gitignore";
        repository = repository || name == ".git";
        all.push_back({name, 0, each->d_type == DT_DIR});
    }
    filter_.enter(root, path, rules, repository);
    for (Entry& each : all) {
        struct stat st {};
        if (::fstatat(::dirfd(dir.get()), each.name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        each.folder = S_ISDIR(st.st_mode);
        const std::string inner = joined_path(path, each.name);
        if (each.folder ? !filter_.enters(root, inner) : !filter_.counts(root, inner)) continue;
        each.stamp = each.folder ? st.st_ino : stamp_of(st);
        out.push_back(std::move(each));
    }
    std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return true;
}

void WatchPoll::look(const std::string& path) {
    const auto found = folders_.find(path);
    if (found == folders_.end()) return;
    std::vector<Entry> now;
    if (!read_entries(path, found->second, now)) {
        if (errno == ENOENT || errno == ENOTDIR)
            lost(path);
        else
            report_.complain("cannot watch " + path + ": " + sys::describe_errno(errno));
        return;
    }
    compare(path, found->second, now);
}

void WatchPoll::compare(const std::string& path, Folder& folder, std::vector<Entry>& now) {
    const auto appeared = [&](const Entry& entry) {
        const auto kind = folder.known ? std::optional(ChangeKind::create) : folder.appeared;
        const std::string inner = joined_path(path, entry.name);
        if (kind && (!entry.folder || filter_.counts_folders())) report_.changed(*kind, inner);
        if (entry.folder) add(inner, folder.root, kind);
    };
    const auto vanished = [&](const Entry& entry) {
        const std::string inner = joined_path(path, entry.name);
        if (entry.folder)
            lost(inner);
        else
            report_.changed(ChangeKind::remove, inner);
    };
    auto old = folder.entries.begin();
    const auto end = folder.entries.end();
    for (const Entry& entry : now) {
        while (old != end && old->name < entry.name) vanished(*old++);
        if (old == end || old->name != entry.name) {
            appeared(entry);
            continue;
        }
        if (old->folder != entry.folder || (entry.folder && old->stamp != entry.stamp)) {
            vanished(*old);
            appeared(entry);
        } else if (old->stamp != entry.stamp) {
            report_.changed(ChangeKind::modify, joined_path(path, entry.name));
        }
        ++old;
    }
    while (old != end) vanished(*old++);
    folder.entries = std::move(now);
    folder.entries.shrink_to_fit();
    folder.known = true;
}

// The folder has gone, with everything that was in it.
void WatchPoll::lost(const std::string& path) {
    for (auto it = folders_.lower_bound(path); it != folders_.end() && it->first.starts_with(path);) {
        if (!is_below(it->first, path)) {
            ++it;
            continue;
        }
        for (const Entry& entry : it->second.entries)
            if (!entry.folder) report_.changed(ChangeKind::remove, joined_path(it->first, entry.name));
        it = folders_.erase(it);
    }
    if (filter_.counts_folders()) report_.changed(ChangeKind::remove, path);
}

}  // namespace sigmund::guard
