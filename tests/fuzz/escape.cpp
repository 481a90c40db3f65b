// SPDX-License-Identifier: Apache-2.0
// Escaping: nothing that a terminal or a parser of lines would act upon comes out, and the bytes come back.
#include "text/escape.hpp"

#include <algorithm>
#include <string>

#include "fuzz.hpp"

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

SIGMUND_FUZZ_TARGET(escape) {
    const std::string escaped = escape(input), shown = escape_for_display(input);
    must(harmless(escaped) && harmless(shown));
    must(unescape(escaped) == input);
    must(unescape(input).size() <= input.size());
    must(valid_utf8(replace_invalid_utf8(input)));
    const std::size_t width = input.empty() ? 0 : static_cast<unsigned char>(input[0]) % 40U;
    must(display_width(truncate(shown, width)) <= width);
    if (display_width(shown) <= width) must(truncate(shown, width) == shown);
}
