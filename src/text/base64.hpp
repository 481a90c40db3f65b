// SPDX-License-Identifier: Apache-2.0
// This file encodes and decodes Base64 (RFC 4648, section 4), for bytes that JSON cannot hold.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

// Encodes bytes, with padding.
std::string base64(std::string_view bytes);
// Decodes the characters before the first `=`. Returns nothing when one of them is not in the alphabet.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace sigmund::text
