// SPDX-License-Identifier: Apache-2.0
// The stores in which one shell has runs. SIGMUND_STATE_DIR may be different in each folder, and may be set for
// a single command, but the hook of a shell looks at one folder of marks only: SIGMUND_SHELL_MARKS names it, and
// it lies in the store that the shell used when it read the hook. So a run in another store adds a link to that
// folder, which leads to the marks of the shell in the other store (run/shell_marks.hpp).
//
// None of these functions does anything for a shell whose hook does not set that variable.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::run {

// Shows the marks of the shell in `store` to its hook. It makes the folder that the hook looks at when there is
// none. Returns 0 or errno.
int show_to_hook(const Store& store, const std::string& shell) noexcept;
// Returns the stores other than `here` in which the shell may have marks. There is none for root in the store
// of another user.
std::vector<Store> other_stores(const Store& here, const std::string& shell);
// Returns the path of the store whose marks the hook of the shell looks at, or an empty string.
std::string store_of_hook(const std::string& shell);
// Removes the links that lead to nothing, since the last mark in that store is gone. `hook` is the store of the
// hook, for a process that does not have the environment any more.
void drop_dead_links(const std::string& shell) noexcept;
void drop_dead_links(const std::string& shell, const std::string& hook) noexcept;

}  // namespace sigmund::run
