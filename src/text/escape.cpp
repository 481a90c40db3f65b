// SPDX-License-Identifier: Apache-2.0
// The escapes and their inverse. UTF-8 itself is in utf8.cpp, columns are in width.cpp.
#include "text/escape.hpp"

#include "text/utf8.hpp"

namespace sigmund::text {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

bool plain_ascii(char c) {
    return c >= 0x20 && c < 0x7F && c != '\\';
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

// Above ASCII only C1 controls are kept from a terminal: U+009B is a CSI to some.
bool safe(Utf8Character character) {
    return character.length > 1 && character.code >= 0xA0;
}

std::string escape_with(std::string_view bytes, std::string_view backslash) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end < bytes.size() && plain_ascii(bytes[end])) ++end;
        out.append(bytes, at, end - at);
        if (end == bytes.size()) break;
        at = end;
        if (bytes[at] == '\\') {
            out += backslash;
            ++at;
        } else if (const Utf8Character character = decode_utf8(bytes, at); safe(character)) {
            out.append(bytes, at, character.length);
            at += character.length;
        } else {
            append_escaped_byte(out, bytes[at]);
            ++at;  // the rest of an unsafe character is not one by itself, so it is escaped in its turn
        }
    }
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string escape(std::string_view bytes) {
    return escape_with(bytes, "\\\\");
}

std::string escape_for_display(std::string_view bytes) {
    return escape_with(bytes, "\\");
}

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
