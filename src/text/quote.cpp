// SPDX-License-Identifier: Apache-2.0
// Shell quoting. A quote too many is harmless, one too few is not: what any of sh, bash, zsh or fish treats
// specially is quoted, and so is everything beyond ASCII.
#include "text/quote.hpp"

#include <algorithm>
#include <array>

namespace sigmund::text {

namespace {

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

// '=ls' is a path to zsh, '%1' a job as a command's name.
bool needs_no_quotes(std::string_view word) {
    return !word.empty() && word.front() != '=' && word.front() != '%' &&
           std::all_of(word.begin(), word.end(), plain);
}

// What would not be run as a command when it stands first: an assignment or a reserved word.
bool special_as_command(std::string_view word) {
    static constexpr std::array<std::string_view, 26> reserved = {
        "and",  "begin",  "case",   "coproc",  "do",       "done", "elif",  "else",      "end",
        "esac", "fi",     "for",    "foreach", "function", "if",   "in",    "nocorrect", "not",
        "or",   "repeat", "select", "switch",  "then",     "time", "until", "while"};
    return word.find('=') != word.npos || std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

std::string in_single_quotes(std::string_view word) {
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    out += '\'';
    return out;
}

}  // namespace

std::string quote(std::string_view word) {
    return needs_no_quotes(word) ? std::string(word) : in_single_quotes(word);
}

std::string quote(const std::vector<std::string>& argv) {
    std::string out;
    for (std::size_t i = 0; i < argv.size(); ++i) {
        if (i > 0) out += ' ';
        out += i == 0 && special_as_command(argv[i]) ? in_single_quotes(argv[i]) : quote(argv[i]);
    }
    return out;
}

}  // namespace sigmund::text
