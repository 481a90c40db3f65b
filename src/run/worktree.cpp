// SPDX-License-Identifier: Apache-2.0
// The `.git` file of a linked worktree leads to a folder .git/worktrees/NAME of the repository, in which the file
// `commondir` names the repository (gitrepository-layout(5)). That of a submodule leads to a folder without it.
#include "run/worktree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "run/git_file.hpp"
#include "sys/file.hpp"

namespace sigmund::run {
namespace {

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
            const std::string target = path_in_git_file(sys::read_small(git, longest_git_file), at);
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
