// SPDX-License-Identifier: Apache-2.0
// The project of a folder: the folder of the nearest sigmund.toml upwards, or else the top of the worktree or the
// repository. A start asks for it each time, so git itself is not run.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::run {

struct Project {
    std::string folder;  // the project; where there is none, the folder itself
    bool found = false;  // whether there is one
    std::string file;    // its sigmund.toml; empty: it has none
};

// Finds the project of a folder, whose real path is given. The search stops at the first of these folders, which
// may still have the file itself: the top of a worktree or a repository (whatever has the name .git), $HOME, and
// the root. It passes through submodules. If no folder has the file, the project is the top where the search stopped;
// above submodules without a repository, it is the outermost of them.
Project find_project(const std::string& folder);

// Returns the sigmund.toml above a project that has none: it belongs to another checkout, around this one, and is
// not used. Empty: there is no such file.
std::string file_beyond(const Project& project);

// Returns whether the text of a .git file, in this folder, leads to the repository of a submodule. Otherwise the
// folder is the top of a linked worktree or a repository.
bool is_submodule(std::string_view git_file, const std::string& folder);

// Returns the absolute path of a folder that a person named. It is the real path as far as the folders exist. Throws
// Failure when that cannot be found out.
std::string folder_named(const std::string& text);

// Returns whether the folder does not exist any more.
bool is_gone(const std::string& folder);

// Returns the folder as people write it: ~/a for a folder in $HOME.
std::string with_tilde(const std::string& folder);
// Returns the folder with "gone" behind it, if it does not exist any more.
std::string with_fate(const std::string& folder);

}  // namespace sigmund::run
