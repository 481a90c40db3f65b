// SPDX-License-Identifier: Apache-2.0
#include "sys/title.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace sigmund::sys {
namespace {

char* area = nullptr;      // argv[0] ...
char* area_end = nullptr;  // ... to the end of the environment; contiguous on Linux
std::size_t title_size = 0;

}  // namespace

void remember_arguments(int argc, char** argv, char** environment) noexcept {
    const auto extend = [](char* text) {
        if (!text) return;
        if (!area) area = area_end = text;
        // Skips strings that do not follow directly.
        if (text == area_end) area_end = text + std::strlen(text) + 1;
    };
    for (int i = 0; i < argc; ++i) extend(argv[i]);
    for (char** entry = environment; entry && *entry; ++entry) extend(*entry);
}

void become_untraceable(std::string_view title) noexcept {
    ::prctl(PR_SET_NAME, "sigmund", 0, 0, 0);
    static char* nothing[] = {nullptr};
    environ = nothing;
    if (!area) return;
    const auto size = static_cast<std::size_t>(area_end - area);
    std::memset(area, 0, size);
    // The last byte stays NUL, so that cmdline ends there.
    title_size = std::min(title.size(), size - 1);
    std::memcpy(area, title.data(), title_size);
}

TitleMemory title_memory() noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(area);
    return {begin, begin + title_size, reinterpret_cast<std::uintptr_t>(area_end)};
}

}  // namespace sigmund::sys
