// SPDX-License-Identifier: Apache-2.0
#include "config/toml_text.hpp"

#include <algorithm>
#include <cstdint>

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace sigmund::config {
namespace {

bool has_hidden(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const text::Utf8Character each = text::decode_utf8(text, at);
        if (each.length == 0 || text::is_hidden(each.code)) return true;
        at += each.length;
    }
    return false;
}

// \uXXXX and \UXXXXXXXX are the only numeric escapes of TOML 1.0.
std::string numeric_escape(char32_t code) {
    constexpr char digits[] = "0123456789ABCDEF";
    const int count = code > 0xFFFF ? 8 : 4;
    std::string out = count == 8 ? "\\U" : "\\u";
    for (int shift = (count - 1) * 4; shift >= 0; shift -= 4) out += digits[(code >> shift) & 15U];
    return out;
}

void append_escaped(std::string& out, char32_t code, std::string_view character) {
    if (code == '"' || code == '\\')
        out += '\\', out += character;
    else if (code == '\n')
        out += "\\n";
    else if (code == '\t')
        out += "\\t";
    else if (text::is_hidden(code))
        out += numeric_escape(code);
    else
        out += character;
}

bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string toml_string(std::string_view text) {
    if (text.find_first_of("\"\\") != text.npos && text.find('\'') == text.npos && !has_hidden(text))
        return '\'' + std::string(text) + '\'';
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const text::Utf8Character each = text::decode_utf8(text, at);
        const std::size_t length = std::max<std::size_t>(each.length, 1);
        append_escaped(out, each.length == 0 ? 0xFFFD : each.code, text.substr(at, length));
        at += length;
    }
    return out + '"';
}

std::string toml_array(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& each : texts) out += (out.size() == 1 ? "" : ", ") + toml_string(each);
    return out + ']';
}

std::string toml_key(std::string_view key) {
    if (!key.empty() && std::all_of(key.begin(), key.end(), is_bare)) return std::string(key);
    return toml_string(key);
}

}  // namespace sigmund::config
