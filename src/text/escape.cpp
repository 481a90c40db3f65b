// SPDX-License-Identifier: Apache-2.0
// This file implements the escapes and their inverse. UTF-8 itself is in utf8.cpp, columns are in width.cpp.
#include "text/escape.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "text/hidden_table.hpp"
#include "text/utf8.hpp"

namespace sigmund::text {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

bool plain_ascii(char c) {
    return c >= 0x20 && c < 0x7F && c != '\\';
}

// Returns the end of the visible ASCII (0x20 to 0x7E) that begins at `at`. Eight bytes are checked at once: where
// none is above 0x7F, no sum carries into the next byte, and the upper bits tell the bytes from 0x20, and those from
// 0x7F.
std::size_t end_of_visible(std::string_view bytes, std::size_t at) {
    constexpr std::uint64_t each = 0x0101010101010101, upper = each * 0x80;
    for (std::uint64_t eight; at + sizeof eight <= bytes.size(); at += sizeof eight) {
        std::memcpy(&eight, bytes.data() + at, sizeof eight);
        if ((eight & upper) != 0 || ((eight + each * 0x60) & ~(eight + each) & upper) != upper) break;
    }
    while (at < bytes.size() && bytes[at] >= 0x20 && bytes[at] < 0x7F) ++at;
    return at;
}

void append_escaped_byte(std::string& out, char c) {
    switch (c) {
        case '\t':
            out += "\\t";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\x1b':
            out += "\\e";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 0xF];
}

// Appends "\u009b" or "\U000e0041", as bash, zsh and fish read it in $'...'.
void append_code(std::string& out, char32_t code) {
    const int digits = code > 0xFFFF ? 8 : 4;
    out += digits == 8 ? "\\U" : "\\u";
    for (int digit = digits - 1; digit >= 0; --digit)
        out += hex_digits[(code >> (4 * static_cast<unsigned>(digit))) & 0xF];
}

}  // namespace

bool is_hidden(char32_t code) {
    if (code < 0x7F) return code < 0x20;
    if (code < 0xAD) return code < 0xA0;
    for (const CodeRange& range : hidden_characters)
        if (code <= range.last) return code >= range.first;
    return false;
}

std::string escape(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end < bytes.size() && plain_ascii(bytes[end])) ++end;
        out.append(bytes, at, end - at);
        if (end == bytes.size()) break;
        at = end;
        const Utf8Character character = decode_utf8(bytes, at);
        if (bytes[at] == '\\') {
            out += "\\\\";
            ++at;
        } else if (character.length > 1 && character.code >= 0xA0) {
            out.append(bytes, at, character.length);
            at += character.length;
        } else {
            append_escaped_byte(out, bytes[at]);
            ++at;  // the other byte of a C1 control is not a character, so it is escaped next
        }
    }
    return out;
}

void append_for_display(std::string& out, std::string_view bytes, bool keep_newlines) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = end_of_visible(bytes, at);
        out.append(bytes, at, end - at);
        if (end == bytes.size()) break;
        at = end;
        const Utf8Character character = decode_utf8(bytes, at);
        if (keep_newlines && bytes[at] == '\n')
            out += '\n';
        else if (character.length < 2)
            append_escaped_byte(out, bytes[at]);
        else if (is_hidden(character.code))
            append_code(out, character.code);
        else
            out.append(bytes, at, character.length);
        at += character.length < 2 ? 1 : character.length;
    }
}

std::string escape_for_display(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    append_for_display(out, bytes);
    return out;
}

std::string escape_json(std::string json) {
    // Nearly all texts need no change: hidden characters begin with these bytes only.
    const auto suspect = [](char c) { return c == '\x7f' || static_cast<unsigned char>(c) >= 0xC2; };
    if (std::none_of(json.begin(), json.end(), suspect)) return json;
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const Utf8Character character = decode_utf8(json, at);
        const std::size_t length = character.length == 0 ? 1 : character.length;
        if (character.code < 0x7F || character.length == 0 || !is_hidden(character.code)) {
            out.append(json, at, length);
        } else if (character.code > 0xFFFF) {
            const char32_t rest = character.code - 0x10000;
            append_code(out, 0xD800 + (rest >> 10));
            append_code(out, 0xDC00 + (rest & 0x3FF));
        } else {
            append_code(out, character.code);
        }
        at += length;
    }
    return out;
}

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t backslash = text.find('\\', at);
        out.append(text, at, backslash == text.npos ? text.npos : backslash - at);
        if (backslash == text.npos) break;
        at = backslash + 2;
        switch (backslash + 1 < text.size() ? text[backslash + 1] : '\0') {
            case 't':
                out += '\t';
                continue;
            case 'n':
                out += '\n';
                continue;
            case 'r':
                out += '\r';
                continue;
            case 'e':
                out += '\x1b';
                continue;
            case '\\':
                out += '\\';
                continue;
            case 'x':
                if (backslash + 3 < text.size()) {
                    const int high = hex_value(text[backslash + 2]);
                    const int low = hex_value(text[backslash + 3]);
                    if (high >= 0 && low >= 0) {
                        out += static_cast<char>(high * 16 + low);
                        at = backslash + 4;
                        continue;
                    }
                }
                break;
            default:
                break;
        }
        out += '\\';
        at = backslash + 1;
    }
    return out;
}

}  // namespace sigmund::text
