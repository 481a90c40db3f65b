// SPDX-License-Identifier: Apache-2.0
// The top of a linked worktree has a file `.git` with one line, "gitdir: PATH". It leads to a folder
// .git/worktrees/NAME of the repository, in which the file `commondir` names the repository
// (gitrepository-layout(5)). The `.git` file of a submodule leads to a folder without that file.
#include "run/worktree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "sys/file.hpp"

namespace sigmund::run {
namespace {

constexpr std::size_t largest_file = 8192;  // a path and a few words

// Returns the folder that a `.git` file names; empty when it names none.
std::string named_by(const std::string& file, const std::string& folder) {
    constexpr std::string_view key = "gitdir:";
    std::string text = sys::read_small(file, largest_file);
    if (!text.starts_with(key)) return "";
    text.erase(0, key.size());
    text.erase(0, text.find_first_not_of(" \t"));
    text.erase(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty() || text.starts_with('/')) return text;
    return folder + '/' + text;
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

bool in_linked_worktree(const std::string& folder) {
    for (std::string at = folder; at.starts_with('/');) {
        const std::string base = at == "/" ? "" : at;
        const std::string git = base + "/.git";
        struct stat st {};
        if (::stat(git.c_str(), &st) == 0) {
            if (!S_ISREG(st.st_mode)) return false;
            const std::string target = named_by(git, at);
            if (target.empty()) return false;
            if (exists(target + "/commondir")) return true;
            if (target.find("/modules/") == std::string::npos) return false;
        }
        if (at == "/") return false;
        at.erase(std::max<std::size_t>(at.rfind('/'), 1));
    }
    return false;
}

}  // namespace sigmund::run
