// SPDX-License-Identifier: Apache-2.0
// The id of this boot of the machine, which a process reads once.
#pragma once
#include <string>

#include "sys/procfs.hpp"

namespace sigmund::run {

// Returns what sys::boot_id() returns: empty where /proc is not mounted.
inline const std::string& this_boot() {
    static const std::string id = sys::boot_id();
    return id;
}

}  // namespace sigmund::run
