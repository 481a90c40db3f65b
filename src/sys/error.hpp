// SPDX-License-Identifier: Apache-2.0
// Failed system calls as exceptions: the call, its object and errno, caught once in main.
#pragma once
#include <string>
#include <string_view>
#include <system_error>

namespace sigmund::sys {

// Throws std::system_error for `error` (an errno value), worded "open /path".
[[noreturn]] void fail(int error, const char* call, const std::string& object = {});

// must: returns rc, or throws with errno when rc is -1.
template <typename Int>
Int check(Int rc, const char* call, const std::string& object = {}) {
    if (rc == static_cast<Int>(-1)) fail(errno, call, object);
    return rc;
}

// "No such file or directory" for ENOENT; never touches locale state.
std::string describe_errno(int error);
// "ENOENT" for ENOENT, "errno 999" for what has no name.
std::string errno_name(int error);
// The number of such a name; 0 for a name that it does not know.
int errno_of(std::string_view name);

}  // namespace sigmund::sys
