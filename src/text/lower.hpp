// SPDX-License-Identifier: Apache-2.0
// Small letters for comparisons that take no notice of case. Only the letters of ASCII change, in any locale.
#pragma once
#include <string>

namespace sigmund::text {

inline std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

}  // namespace sigmund::text
