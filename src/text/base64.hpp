// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, section 4), for bytes that JSON cannot hold.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

std::string base64(std::string_view bytes);
// What stands before the first `=`; nothing when a character is none of the alphabet's.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace sigmund::text
