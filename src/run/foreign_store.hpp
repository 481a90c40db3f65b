// SPDX-License-Identifier: Apache-2.0
// Root in the store of another user: `sudo SIGMUND_STATE_DIR=... sigmund stop ID`. Everything in such a store
// is treated as hostile.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::run {

// Returns whether this process runs as root and SIGMUND_STATE_DIR names the store.
bool root_names_store();

// Opens the folder without following any link that another user than root could have made. `path` is
// absolute. On failure the result is empty and errno is set (ELOOP when there is such a link, ENOTDIR).
sys::Fd open_without_foreign_links(const std::string& path);

}  // namespace sigmund::run
