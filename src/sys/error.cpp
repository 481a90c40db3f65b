// SPDX-License-Identifier: Apache-2.0
#include "sys/error.hpp"

#include <cerrno>
#include <cstring>

namespace sigmund::sys {

void fail(int error, const char* call, const std::string& object) {
    std::string what = call;
    if (!object.empty()) what += ' ' + object;
    throw std::system_error(error, std::generic_category(), what);
}

std::string describe_errno(int error) {
    const char* text = strerrordesc_np(error);  // glibc 2.32, untranslated
    return text ? text : "error " + std::to_string(error);
}

std::string errno_name(int error) {
    const char* name = strerrorname_np(error);  // glibc 2.32
    return name ? name : "errno " + std::to_string(error);
}

int errno_of(std::string_view name) {
    constexpr int beyond_the_last =
        EHWPOISON + 1;  // 133, the highest of errno(3) on every architecture but MIPS
    for (int error = 1; error < beyond_the_last; ++error)
        if (const char* known = strerrorname_np(error); known && name == known) return error;
    return 0;
}

}  // namespace sigmund::sys
