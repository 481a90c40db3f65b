// SPDX-License-Identifier: Apache-2.0
#include "text/unquote.hpp"

namespace sigmund::text {

std::string unquote(std::string_view word) {
    std::string out;
    out.reserve(word.size());
    char quote = '\0';
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        if (quote == '\'') {
            if (c == quote)
                quote = '\0';
            else
                out += c;
        } else if (c == '\\') {
            if (++i == word.size()) break;
            // In double quotes a backslash is special only before these (POSIX, Shell Command Language,
            // 2.2.3).
            const bool special = std::string_view("$`\"\\\n").find(word[i]) != std::string_view::npos;
            if (quote == '"' && !special) out += c;
            if (word[i] != '\n') out += word[i];
        } else if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace sigmund::text
