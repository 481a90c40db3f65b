// SPDX-License-Identifier: Apache-2.0
// The top of a linked worktree and that of a submodule have a file `.git` instead of a folder. Its line is
// "gitdir: PATH" (gitrepository-layout(5)).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sigmund::run {

// The most that is read of such a file, in bytes: a path and a few words.
inline constexpr std::size_t longest_git_file = 16 * 1024;

// Returns the absolute path that the text of the file in `folder` names, without a slash at its end; empty when it names
// none.
std::string path_in_git_file(std::string_view text, const std::string& folder);

}  // namespace sigmund::run
