// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, section 4), for bytes that JSON cannot hold.
#include "text/escape.hpp"

namespace sigmund::text {

std::string base64(std::string_view bytes) {
    static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t have = bytes.size() - at < 3 ? bytes.size() - at : 3;
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        out += alphabet[group >> 18 & 0x3F];
        out += alphabet[group >> 12 & 0x3F];
        out += have > 1 ? alphabet[group >> 6 & 0x3F] : '=';
        out += have > 2 ? alphabet[group & 0x3F] : '=';
    }
    return out;
}

}  // namespace sigmund::text
