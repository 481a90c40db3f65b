// SPDX-License-Identifier: Apache-2.0
// A range of code points in this folder's tables.
#pragma once

namespace sigmund::text {

struct CodeRange {
    char32_t first;
    char32_t last;  // itself included
};

}  // namespace sigmund::text
