// SPDX-License-Identifier: Apache-2.0
#include "top/characters.hpp"

#include <langinfo.h>

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "text/escape.hpp"
#include "text/lower.hpp"
#include "text/utf8.hpp"

namespace sigmund::top {
namespace {

bool utf8 = false;

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

}  // namespace

bool means_utf8(std::string_view all, std::string_view types, std::string_view language) {
    const std::string locale = text::lower(std::string(!all.empty()     ? all
                                                       : !types.empty() ? types
                                                                        : language));
    return locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
}

bool set_characters() {
    utf8 = means_utf8(variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG"));
#ifndef SIGMUND_OWN_CHARACTERS
    if (utf8 && std::setlocale(LC_CTYPE, "") == nullptr) std::setlocale(LC_CTYPE, "C.UTF-8");
    utf8 = std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
#endif
    return utf8;
}

}  // namespace sigmund::top

#ifdef SIGMUND_OWN_CHARACTERS
// NOLINTBEGIN(bugprone-reserved-identifier): the linker gives these names (ld(1), --wrap)
extern "C" {
// ncurses draws nothing of an item but the name of the encoding.
char* __wrap_nl_langinfo(nl_item item);
char* __wrap_nl_langinfo(nl_item item) {
    static char names[2][15] = {"ANSI_X3.4-1968", "UTF-8"};
    static char nothing[1] = "";
    return item == CODESET ? names[sigmund::top::utf8 ? 1 : 0] : nothing;
}

// The widths are those by which the screen is laid out.
int __wrap_wcwidth(wchar_t c);
int __wrap_wcwidth(wchar_t c) {
    if (c == 0) return 0;
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return -1;
    return static_cast<int>(
        sigmund::text::display_width(sigmund::text::encode_utf8(static_cast<char32_t>(c))));
}

std::size_t __wrap_wcrtomb(char* out, wchar_t c, mbstate_t* state);
std::size_t __wrap_wcrtomb(char* out, wchar_t c, mbstate_t*) {
    if (out == nullptr) return 1;
    const std::string bytes = sigmund::text::encode_utf8(static_cast<char32_t>(c));
    return bytes.copy(out, bytes.size());
}
}
// NOLINTEND(bugprone-reserved-identifier)
#endif
