// SPDX-License-Identifier: Apache-2.0
#include "run/id.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>

#include "sys/error.hpp"

namespace sigmund::run {
namespace {

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
    });
}

}  // namespace

bool is_id(std::string_view text) {
    return text.size() >= 6 && text.size() <= 10 && is_lower_hex(text);
}

bool is_id_prefix(std::string_view text) {
    return text.size() >= 4 && text.size() <= 10 && is_lower_hex(text);
}

std::string name_problem(std::string_view text) {
    if (text.empty()) return "a name cannot be empty";
    if (text.size() > 64) return "a name has at most 64 characters";
    if (is_id_prefix(text)) return "4 to 10 hex digits would read as an id";
    if (!is_letter(text[0]) && text[0] != '_') return "a name begins with a letter or an underscore";
    if (!is_word(text)) return "a name has only letters, digits, '.', '_' and '-'";
    return {};
}

bool is_name(std::string_view text) {
    return name_problem(text).empty();
}

bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= 64 && (is_letter(text[0]) || is_digit(text[0])) && is_word(text);
}

std::string random_hex(std::size_t bytes) {
    unsigned char raw[64];
    bytes = std::min(bytes, sizeof raw);
    while (::getrandom(raw, bytes, 0) != static_cast<ssize_t>(bytes))
        if (errno != EINTR) sys::fail(errno, "getrandom");
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += "0123456789abcdef"[raw[i] >> 4];
        out += "0123456789abcdef"[raw[i] & 15];
    }
    return out;
}

}  // namespace sigmund::run
