// SPDX-License-Identifier: Apache-2.0
// This boot of the machine, read once in the life of a process.
#pragma once
#include <string>

#include "sys/procfs.hpp"

namespace sigmund::run {

// As sys::boot_id(): empty where /proc is not mounted.
inline const std::string& this_boot() {
    static const std::string id = sys::boot_id();
    return id;
}

}  // namespace sigmund::run
