// SPDX-License-Identifier: Apache-2.0
// How ncurses learns what characters are. It asks the C library, which reads the files of a locale: a static binary elsewhere
// finds none of them or some of another version, and may even load modules of the host's C library. So in a static program
// three of those functions are sigmund's own (--wrap of the linker), and no locale is set.
#pragma once
#include <string_view>

namespace sigmund::top {

// Prepares the drawing of characters. Returns whether the terminal takes UTF-8.
bool set_characters();

// Returns whether these values of LC_ALL, LC_CTYPE and LANG mean UTF-8. The first that is not empty counts.
bool means_utf8(std::string_view all, std::string_view types, std::string_view language);

}  // namespace sigmund::top
