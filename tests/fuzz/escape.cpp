// SPDX-License-Identifier: Apache-2.0
// Escaping: the output has nothing that a terminal or a parser of lines would act upon, and the bytes can be
// restored.
#include "text/escape.hpp"

#include <algorithm>
#include <string>

#include "fuzz.hpp"
#include "text/page.hpp"
#include "text/utf8.hpp"

using namespace sigmund::text;

namespace {

bool harmless(std::string_view text) {
    if (!valid_utf8(text)) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f) return false;
        if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
    }
    return true;
}

}  // namespace

// Returns whether the text has no character that a terminal acts on or does not show.
bool visible(std::string_view text) {
    if (!harmless(text)) return false;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character character = decode_utf8(text, at);
        if (is_hidden(character.code)) return false;
        // These ranges are written again here, independent of the table: direction, joiners, separators,
        // tags.
        const char32_t c = character.code;
        if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
            (c >= 0xE0000 && c <= 0xE0FFF) || c == 0xFEFF || c == 0xAD || c == 0x61C)
            return false;
        at += character.length;
    }
    return true;
}

SIGMUND_FUZZ_TARGET(escape) {
    const std::string escaped = escape(input), shown = escape_for_display(input);
    must(harmless(escaped) && visible(shown));
    must(escape_for_display(shown) == shown);
    std::string lines;
    append_for_display(lines, input, true);
    must(std::count(lines.begin(), lines.end(), '\n') == std::count(input.begin(), input.end(), '\n'));
    std::erase(lines, '\n');
    must(visible(lines));
    must(visible(Page().line(input).text().substr(0, shown.size())));
    const std::string json = escape_json(replace_invalid_utf8(shown));
    must(visible(json));
    must(unescape(escaped) == input);
    must(unescape(input).size() <= input.size());
    must(valid_utf8(replace_invalid_utf8(input)));
    const std::size_t width = input.empty() ? 0 : static_cast<unsigned char>(input[0]) % 40U;
    must(display_width(truncate(shown, width)) <= width);
    if (display_width(shown) <= width) must(truncate(shown, width) == shown);
}
