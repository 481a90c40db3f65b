// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_filter.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t largest_rules = 1024 * 1024;
constexpr std::string_view rules_name = ".gitignore";
// The link that Kubernetes exchanges when a ConfigMap or a Secret changes. It is hidden, but nothing else in
// such a folder shows the change.
constexpr std::string_view swapped_link = "..data";
// No pattern names this file on purpose: where it is ignored, everything is.
constexpr std::string_view nobodys_name = "\x01sigmund\x01";

std::string_view last_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

// Returns whether this is a file that editors write beside a file while they save it.
bool is_editors(std::string_view name) {
    return name.ends_with('~') || name == "4913" || (name.starts_with('#') && name.ends_with('#')) ||
           name.starts_with("___jb_");
}

bool is_skipped_folder(std::string_view name) {
    return name == "node_modules" || name == "CVS" || name == "_darcs";
}

}  // namespace

void WatchFilter::read_rules(const std::string& real) {
    rules_.erase(real);
    // As in git, a symbolic link is not used as such a file.
    const std::string path = joined_path(real, rules_name);
    const sys::Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat st {};
    std::string content;
    if (!fd || ::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode)) return;
    sys::read_all(fd.get(), content, largest_rules);
    text::IgnoreRules rules(content);
    if (!rules.empty()) rules_.insert_or_assign(real, std::move(rules));
}

void WatchFilter::begin(const WatchRoot& root) {
    if (spec_.all || !root.folder) return;
    std::vector<std::string> above;
    std::string top = root.real;
    bool repository = false;
    for (std::string folder = root.real; !repository; folder = parent_folder(folder)) {
        repository = ::access(joined_path(folder, ".git").c_str(), F_OK) == 0;
        if (repository) top = folder;
        if (folder != root.real) above.push_back(folder);
        if (folder == "/") break;
    }
    if (repository)
        for (const std::string& folder : above) read_rules(folder);
    // When a user names an ignored folder, its content is meant.
    const std::string parent = parent_folder(root.real);
    bool named_ignored = false;
    if (repository && top != root.real) {
        named_ignored = ignored(joined_path(root.real, nobodys_name), top, false);
        for (std::string folder = root.real; !named_ignored && folder != top; folder = parent_folder(folder))
            named_ignored = ignored(folder, top, true);
    }
    tops_[root.path] = named_ignored ? root.real : top;
}

void WatchFilter::enter(const WatchRoot& root, const std::string& folder, bool has_rules, bool repository) {
    if (spec_.all) return;
    const std::string real = moved_path(folder, root.path, root.real);
    if (repository)
        repositories_.insert(real);
    else
        repositories_.erase(real);
    if (has_rules)
        read_rules(real);
    else
        rules_.erase(real);
}

void WatchFilter::reread(const WatchRoot& root, const std::string& folder) {
    read_rules(moved_path(folder, root.path, root.real));
}

const std::string& WatchFilter::top_of(const WatchRoot& root) const {
    const auto found = tops_.find(root.path);
    return found == tops_.end() ? root.real : found->second;
}

// The rules nearest to the path decide, up to the top of the repository.
bool WatchFilter::ignored(const std::string& real, const std::string& top, bool folder) const {
    if (rules_.empty() || real == "/") return false;
    for (std::string at = parent_folder(real);; at = parent_folder(at)) {
        const auto found = rules_.find(at);
        if (found != rules_.end()) {
            const auto path = std::string_view(real).substr(at == "/" ? 1 : at.size() + 1);
            const auto answer = found->second.ask(path, folder);
            if (answer != text::IgnoreRules::Answer::nothing)
                return answer == text::IgnoreRules::Answer::ignored;
        }
        if (at == top || at == "/" || repositories_.contains(at)) return false;
    }
}

bool WatchFilter::excluded(const std::string& path, std::string_view name, bool folder) const {
    return std::any_of(spec_.excludes.begin(), spec_.excludes.end(), [&](std::string_view exclude) {
        const bool folder_only = exclude.size() > 1 && exclude.ends_with('/');
        if (folder_only) exclude.remove_suffix(1);
        if (folder_only && !folder) return false;
        const std::string_view about = exclude.starts_with('/') ? std::string_view(path) : name;
        return about == exclude || text::glob_match(exclude, about);
    });
}

bool WatchFilter::skipped(const WatchRoot& root, const std::string& path, bool folder) const {
    const std::string_view name = last_name(path);
    const std::string real = moved_path(path, root.path, root.real);
    if (excluded(path, name, folder) || (real != path && excluded(real, name, folder))) return true;
    if (spec_.all) return false;
    if (name.starts_with('.') && (folder || name != swapped_link)) return true;
    if (folder ? is_skipped_folder(name) : is_editors(name)) return true;
    return ignored(real, top_of(root), folder);
}

bool WatchFilter::enters(const WatchRoot& root, const std::string& path) const {
    return !skipped(root, path, true);
}

bool WatchFilter::counts(const WatchRoot& root, const std::string& path) const {
    const std::vector<std::string>& wanted = spec_.extensions;
    const bool ending =
        wanted.empty() || last_name(path) == swapped_link ||
        std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) { return path.ends_with(each); });
    return ending && !skipped(root, path, false);
}

}  // namespace sigmund::guard
