// SPDX-License-Identifier: Apache-2.0
// This file turns failed system calls into exceptions, which carry the call, its object and errno and are
// caught once, in main.
#pragma once
#include <string>
#include <string_view>
#include <system_error>

namespace sigmund::sys {

// Throws std::system_error for `error` (an errno value), worded "open /path".
[[noreturn]] void fail(int error, const char* call, const std::string& object = {});

// Returns rc. Throws std::system_error with errno when rc is -1.
template <typename Int>
Int check(Int rc, const char* call, const std::string& object = {}) {
    if (rc == static_cast<Int>(-1)) fail(errno, call, object);
    return rc;
}

// Returns "No such file or directory" for ENOENT. It never uses the locale.
std::string describe_errno(int error);
// Returns "ENOENT" for ENOENT, and "errno 999" for a number that has no name.
std::string errno_name(int error);
// Returns the number of such a name, or 0 for an unknown name.
int errno_of(std::string_view name);

}  // namespace sigmund::sys
