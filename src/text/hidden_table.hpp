// SPDX-License-Identifier: Apache-2.0
// This table lists the characters above U+00A0 that change how their neighbours are shown, or that show
// nothing themselves: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, Unicode 15) without
// the variation selectors U+FE00..U+FE0F; the line and paragraph separators; interlinear annotations; tags.
// It is in ascending order.
#pragma once
#include "text/code_range.hpp"

namespace sigmund::text {

constexpr CodeRange hidden_characters[] = {
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian variation selectors and vowel separator
    {0x200B, 0x200F},    // zero width space, joiners, direction marks
    {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides of direction
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates, deprecated format characters
    {0x3164, 0x3164},    // Hangul filler
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // half width Hangul filler
    {0xFFF0, 0xFFFB},    // unassigned ignorables, interlinear annotations
    {0x13430, 0x1343F},  // Egyptian hieroglyph joiners
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE0FFF},  // tags, variation selectors of ideographs
};

}  // namespace sigmund::text
