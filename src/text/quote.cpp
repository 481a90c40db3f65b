// SPDX-License-Identifier: Apache-2.0
// One quote too many is harmless, one too few is not. Therefore everything that any of sh, bash, zsh or fish
// treats specially is quoted, and so is everything beyond ASCII.
#include "text/quote.hpp"

#include <algorithm>
#include <array>

#include "text/escape.hpp"

namespace sigmund::text {

namespace {

constexpr std::array<bool, 256> make_plain() {
    std::array<bool, 256> table{};
    for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (const char c : std::string_view("_@%+=:,./-")) table[static_cast<unsigned char>(c)] = true;
    return table;
}

bool plain(char c) {
    static constexpr std::array<bool, 256> table = make_plain();
    return table[static_cast<unsigned char>(c)];
}

// zsh expands '=ls' to a path, and '%1' is a job when it is the name of a command.
bool needs_no_quotes(std::string_view word) {
    return !word.empty() && word.front() != '=' && word.front() != '%' &&
           std::all_of(word.begin(), word.end(), plain);
}

// Returns whether a first word, which is not empty, would not be run as a command: it is an assignment or a reserved
// word.
bool special_as_command(std::string_view word) {
    static constexpr std::array<std::string_view, 26> reserved = {
        "and",  "begin",  "case",   "coproc",  "do",       "done", "elif",  "else",      "end",
        "esac", "fi",     "for",    "foreach", "function", "if",   "in",    "nocorrect", "not",
        "or",   "repeat", "select", "switch",  "then",     "time", "until", "while"};
    return word.find('=') != word.npos || std::any_of(reserved.begin(), reserved.end(), [&](auto each) {
               return each.front() == word.front() && each == word;
           });
}

void append_in_single_quotes(std::string& out, std::string_view word) {
    out += '\'';
    for (auto end = word.find('\''); end != word.npos; end = word.find('\'')) {
        out.append(word, 0, end).append("'\\''");
        word.remove_prefix(end + 1);
    }
    out.append(word).append(1, '\'');
}

// Appends the word as $'...'. Every byte that is not visible ASCII becomes \xHH, which has two digits in bash
// and in zsh.
void append_in_dollar_quotes(std::string& out, std::string_view word) {
    constexpr char hex_digits[] = "0123456789abcdef";
    out += "$'";
    for (const char c : word) {
        if (c == '\'' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c >= 0x20 && c < 0x7F) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += "\\x";
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 0xF];
        }
    }
    out += '\'';
}

void append_quoted(std::string& out, std::string_view word, bool as_command) {
    if (needs_no_quotes(word) && !(as_command && special_as_command(word)))
        out += word;
    else
        append_in_single_quotes(out, word);
}

}  // namespace

std::string quote(std::string_view word) {
    std::string out;
    append_quoted(out, word, false);
    return out;
}

std::string quote(const std::vector<std::string>& argv) {
    std::string out;
    for (std::size_t i = 0; i < argv.size(); ++i) {
        if (i > 0) out += ' ';
        append_quoted(out, argv[i], i == 0);
    }
    return out;
}

std::string quote_visibly(const std::vector<std::string>& argv) {
    std::string out;
    for (std::size_t i = 0; i < argv.size(); ++i) {
        if (i > 0) out += ' ';
        if (escape_for_display(argv[i]) == argv[i])
            append_quoted(out, argv[i], i == 0);
        else
            append_in_dollar_quotes(out, argv[i]);
    }
    return out;
}

}  // namespace sigmund::text
