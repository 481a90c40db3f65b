// SPDX-License-Identifier: Apache-2.0
// A range of code points in the tables of this folder.
#pragma once

namespace sigmund::text {

struct CodeRange {
    char32_t first;
    char32_t last;  // inclusive
};

}  // namespace sigmund::text
