// SPDX-License-Identifier: Apache-2.0
#include "text/unit_words.hpp"

#include <algorithm>

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace sigmund::text {
namespace {

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@+=:,./-").find(c) != std::string_view::npos;
}

std::string hex(char32_t code, int digits) {
    std::string out;
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(code >> shift) & 15U];
    return out;
}

void append_escaped(std::string& out, char32_t code, std::string_view character, UnitPlace place) {
    if (code == '\n')
        out += "\\n";
    else if (code == '\t')
        out += "\\t";
    else if (code == '"' || code == '\\')
        out += '\\', out += character;
    else if (code == '%' || (code == '$' && place == UnitPlace::command))
        out += character, out += character;
    else if (!is_hidden(code))
        out += character;
    else if (code < 0x80)
        out += "\\x" + hex(code, 2);
    else
        out += code > 0xFFFF ? "\\U" + hex(code, 8) : "\\u" + hex(code, 4);
}

}  // namespace

std::string unit_word(std::string_view word, UnitPlace place) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
    std::string out = "\"";
    for (std::size_t at = 0; at < word.size();) {
        const Utf8Character each = decode_utf8(word, at);
        if (each.length == 0) {
            out += "\\x" + hex(static_cast<unsigned char>(word[at++]), 2);
            continue;
        }
        append_escaped(out, each.code, word.substr(at, each.length), place);
        at += each.length;
    }
    return out + '"';
}

std::string unit_words(const std::vector<std::string>& words, UnitPlace place) {
    std::string out;
    for (const std::string& each : words) out += (out.empty() ? "" : " ") + unit_word(each, place);
    return out;
}

std::optional<std::string> unit_rest(std::string_view text) {
    if (text.empty() || std::string_view(" \t\\").find(text.back()) != std::string_view::npos ||
        !valid_utf8(text))
        return std::nullopt;
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        if (c == '%') out += c;
        out += c;
    }
    return out;
}

}  // namespace sigmund::text
