// SPDX-License-Identifier: Apache-2.0
// This file computes columns on a terminal from its own table: the C library's wcwidth() depends on the
// locale, which a static binary cannot rely on.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "text/escape.hpp"
#include "text/utf8.hpp"
#include "text/width_table.hpp"

namespace sigmund::text {

namespace {

template <std::size_t N>
bool contains(const CodeRange (&ranges)[N], char32_t code) {
    const CodeRange* range = std::partition_point(std::begin(ranges), std::end(ranges),
                                                  [code](const CodeRange& r) { return r.last < code; });
    return range != std::end(ranges) && range->first <= code;
}

std::size_t columns_of(char32_t code) {
    if (code < 0x300) return 1;  // all characters below the combining marks have one column
    if (contains(zero_width, code)) return 0;
    return contains(double_width, code) ? 2 : 1;
}

struct Step {
    std::size_t bytes;
    std::size_t columns;
};

// A terminal shows an invalid byte as one replacement character.
Step step_at(std::string_view text, std::size_t at) {
    if (static_cast<unsigned char>(text[at]) < 0x80) return {1, 1};
    const Utf8Character character = decode_utf8(text, at);
    if (character.length == 0) return {1, 1};
    return {character.length, columns_of(character.code)};
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t at = 0;
    // Eight bytes at once: those of ASCII have no upper bit.
    for (std::uint64_t eight; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
    std::size_t columns = at;  // usually the whole text
    while (at < text.size()) {
        const Step step = step_at(text, at);
        columns += step.columns;
        at += step.bytes;
    }
    return columns;
}

std::string truncate(std::string_view text, std::size_t width) {
    std::size_t columns = 0;
    std::size_t cut = 0;  // the end of the text that fits beside the ellipsis
    for (std::size_t at = 0; at < text.size();) {
        const Step step = step_at(text, at);
        columns += step.columns;
        at += step.bytes;
        if (columns > width) return width == 0 ? std::string() : std::string(text.substr(0, cut)) + "\u2026";
        if (columns < width) cut = at;
    }
    return std::string(text);
}

std::string excerpt(std::string_view text, std::size_t at, std::size_t width) {
    std::size_t begin = std::min(at, text.size());
    begin = begin > width - width / 3 ? begin - width / 3 : 0;
    // A character stays whole, if this is UTF-8.
    for (int i = 0; i < 3 && begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80; ++i)
        --begin;
    return begin == 0 ? truncate(text, width) : "\u2026" + truncate(text.substr(begin), width - 1);
}

}  // namespace sigmund::text
