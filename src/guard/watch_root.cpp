// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_root.hpp"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "guard/watch_poll.hpp"

namespace sigmund::guard {
namespace {

constexpr int most_links = 40;  // the limit of path_resolution(7)

// Removes the first component and returns it. Returns an empty string at the end.
std::string next_component(std::string& rest) {
    const auto first = rest.find_first_not_of('/');
    if (first == std::string::npos) return {};
    const auto end = std::min(rest.find('/', first), rest.size());
    std::string component = rest.substr(first, end - first);
    rest.erase(0, end);
    return component;
}

}  // namespace

std::string parent_folder(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string joined_path(const std::string& folder, std::string_view name) {
    std::string out = folder == "/" ? "" : folder;
    out += '/';
    return out.append(name);
}

bool is_below(std::string_view path, std::string_view folder) {
    if (folder == "/") return true;
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string moved_path(const std::string& path, const std::string& from, const std::string& to) {
    if (from == to || !is_below(path, from)) return path;
    std::string_view rest = path;
    rest.remove_prefix(from == "/" ? 0 : from.size());
    while (rest.starts_with('/')) rest.remove_prefix(1);
    return rest.empty() ? to : joined_path(to, rest);
}

WatchRoot look_at_root(const std::string& path) {
    WatchRoot root;
    root.path = path;
    root.folder = true;
    std::string at = "/", rest = path;
    struct stat st {};
    if (::lstat("/", &st) != 0) root.error = errno;
    for (int links = 0; root.error == 0;) {
        const std::string component = next_component(rest);
        if (component.empty()) break;
        if (component == ".") continue;
        if (component == "..") {
            at = parent_folder(at);
            (void)::lstat(at.c_str(), &st);
            continue;
        }
        const std::string next = joined_path(at, component);
        if (::lstat(next.c_str(), &st) != 0) {
            root.error = errno;
            root.missing = component;
            break;
        }
        root.passed.push_back(next);
        if (!S_ISLNK(st.st_mode)) {
            at = next;
            continue;
        }
        char target[PATH_MAX];
        const ssize_t size = ::readlink(next.c_str(), target, sizeof target);
        if (size < 0 || size == static_cast<ssize_t>(sizeof target) || ++links > most_links) {
            root.error = size < 0 ? errno : ELOOP;
            root.missing = component;
            break;
        }
        rest = std::string(target, static_cast<std::size_t>(size)) + rest;
        if (target[0] == '/') at = "/";
        (void)::lstat(at.c_str(), &st);
    }
    root.real = at;
    if (root.error != 0) {
        root.folder = false;
        return root;
    }
    root.folder = S_ISDIR(st.st_mode);
    root.device = st.st_dev;
    root.inode = st.st_ino;
    if (!root.folder) root.stamp = stamp_of(st);
    return root;
}

}  // namespace sigmund::guard
