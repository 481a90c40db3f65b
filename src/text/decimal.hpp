// SPDX-License-Identifier: Apache-2.0
// This file turns "1.5" of a unit into a whole number, exactly and without floating point. Durations and
// sizes use it.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sigmund::text {

struct Decimal {
    std::uint64_t whole = 0;
    std::string_view fraction;  // the digits after the dot
};

enum class Rounding { down, up };

// Takes "12", "1.5" or ".5" off the front of `text`. Returns nothing, and leaves `text` unchanged, when there
// is no number, when no digit follows the dot, or when it overflows.
std::optional<Decimal> take_decimal(std::string_view& text);
// Returns number * unit, or nothing on overflow. `unit` is at most 2^60.
std::optional<std::uint64_t> scale(const Decimal& number, std::uint64_t unit, Rounding rounding);

}  // namespace sigmund::text
