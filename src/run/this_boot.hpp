// SPDX-License-Identifier: Apache-2.0
// The id of this boot of the machine, which a process reads once.
#pragma once
#include <fcntl.h>

#include <cerrno>
#include <string>

#include "sys/error.hpp"
#include "sys/fd.hpp"
#include "sys/procfs.hpp"

namespace sigmund::run {

// Returns what sys::boot_id() returns: empty where the kernel does not tell it. Throws std::system_error when this process
// lacks descriptors or memory to read it, since all runs would seem to be of another boot.
inline const std::string& this_boot() {
    static const std::string id = [] {
        std::string read = sys::boot_id();
        if (!read.empty()) return read;
        const sys::Fd fd(::open(sys::boot_id_file, O_RDONLY | O_CLOEXEC));
        if (!fd && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EIO))
            sys::fail(errno, "open", sys::boot_id_file);
        return sys::boot_id();
    }();
    return id;
}

}  // namespace sigmund::run
