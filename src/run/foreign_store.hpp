// SPDX-License-Identifier: Apache-2.0
// Root in the store of another user: `sudo SIGMUND_STATE_DIR=... sigmund stop ID`. Everything in such a store
// is taken as hostile.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::run {

// Whether this process is root's, and SIGMUND_STATE_DIR names the store.
bool root_names_store();

// Opens the folder without following any link that another user than root could have made. Empty with errno
// (ELOOP when there is such a link, ENOTDIR). `path` is absolute.
sys::Fd open_without_foreign_links(const std::string& path);

}  // namespace sigmund::run
