// SPDX-License-Identifier: Apache-2.0
// This file decodes, checks and repairs UTF-8 by the table of RFC 3629, section 4.
#include "text/utf8.hpp"

#include "text/escape.hpp"

namespace sigmund::text {

Utf8Character decode_utf8(std::string_view bytes, std::size_t at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) return {lead, 1};
    std::size_t length = 0;
    char32_t code = 0;
    // The range of the second byte excludes overlong forms (E0, F0), surrogates (ED) and too large values
    // (F4).
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
        code = lead & 0x1FU;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        code = lead & 0x0FU;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        code = lead & 0x07U;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    } else {
        return {};
    }
    if (bytes.size() - at < length) return {};
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[at + i]);
        if (byte < low || byte > high) return {};
        code = (code << 6) | (byte & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    return {code, length};
}

bool valid_utf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = decode_utf8(bytes, at).length;
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string replace_invalid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t good = 0;  // the start of the characters that are not yet copied
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = decode_utf8(bytes, at).length;
        if (length != 0) {
            at += length;
            continue;
        }
        out.append(bytes, good, at - good);
        out += "\xEF\xBF\xBD";
        good = ++at;
    }
    out.append(bytes, good);
    return out;
}

std::string encode_utf8(char32_t code) {
    if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff) code = 0xfffd;
    if (code < 0x80) return {static_cast<char>(code)};
    std::string out;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
    } else {
        if (code < 0x10000) {
            out += static_cast<char>(0xe0 | (code >> 12));
        } else {
            out += static_cast<char>(0xf0 | (code >> 18));
            tail(12);
        }
        tail(6);
    }
    tail(0);
    return out;
}

}  // namespace sigmund::text
