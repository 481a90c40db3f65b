// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace sigmund::run {

// Returns whether a folder belongs to a linked worktree of git (git-worktree(1)), also inside of a submodule
// there. The main checkout, a bare folder, and a folder without git are none.
bool in_linked_worktree(const std::string& folder);

}  // namespace sigmund::run
