// SPDX-License-Identifier: Apache-2.0
// Root in the store of another user: `sudo SIGMUND_STATE_DIR=... sigmund stop ID`. Everything in such a store
// is taken as hostile.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::run {

// Whether this process is root's and its user has named the store by SIGMUND_STATE_DIR.
bool root_names_store();

// ask: the folder, opened without following any link that somebody but root could have made; empty with errno
// (ELOOP: there is such a link, ENOTDIR). `path` is absolute.
sys::Fd open_without_foreign_links(const std::string& path);

}  // namespace sigmund::run
