// SPDX-License-Identifier: Apache-2.0
#include "text/strip_escapes.hpp"

#include <algorithm>

namespace sigmund::text {
namespace {

constexpr char escape = '\x1b', bell = '\a';
constexpr std::size_t widest_move = 500;  // the most blanks for one move to the right

bool is_between(char c, char first, char last) {
    return c >= first && c <= last;
}

// Skips what follows "ESC [": parameters, intermediates, one final character. Returns the position after it.
std::size_t skip_csi(std::string_view line, std::size_t at, std::string& out) {
    const std::size_t parameters = at;
    while (at < line.size() && is_between(line[at], 0x30, 0x3f)) ++at;
    const std::string_view given = line.substr(parameters, at - parameters);
    while (at < line.size() && is_between(line[at], 0x20, 0x2f)) ++at;
    if (at == line.size() || !is_between(line[at], 0x40, 0x7e)) return at;
    if (line[at] == 'C') {
        std::size_t count = 0;
        for (const char digit : given)
            if (is_between(digit, '0', '9')) count = std::min(count * 10 + (digit - '0'), widest_move);
        out.append(std::max<std::size_t>(count, 1), ' ');
    }
    return at + 1;
}

// Skips what follows "ESC ]" and similar sequences: a string up to BEL or "ESC \".
std::size_t skip_string(std::string_view line, std::size_t at) {
    for (; at < line.size(); ++at) {
        if (line[at] == bell) return at + 1;
        if (line[at] == escape) return at + 1 < line.size() && line[at + 1] == '\\' ? at + 2 : at;
    }
    return at;
}

std::size_t skip_escape(std::string_view line, std::size_t at, std::string& out) {
    if (at == line.size()) return at;
    const char kind = line[at];
    if (kind == '[') return skip_csi(line, at + 1, out);
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_')
        return skip_string(line, at + 1);
    while (at < line.size() && is_between(line[at], 0x20, 0x2f)) ++at;  // "ESC ( B"
    return at < line.size() && is_between(line[at], 0x30, 0x7e) ? at + 1 : at;
}

// Removes the last character with all bytes of its UTF-8.
void take_back(std::string& out) {
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U) out.pop_back();
    if (!out.empty()) out.pop_back();
}

}  // namespace

std::string strip_escapes(std::string_view line) {
    std::string out;
    out.reserve(line.size());
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at++];
        if (c == escape)
            at = skip_escape(line, at, out);
        else if (c == '\b')
            take_back(out);
        else if (c == '\t' || static_cast<unsigned char>(c) >= 0x20)
            if (c != '\x7f') out += c;
    }
    return out;
}

}  // namespace sigmund::text
