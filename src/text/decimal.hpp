// SPDX-License-Identifier: Apache-2.0
// "1.5" as a number of whole units, exactly and without floating point; what durations and sizes are made of.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sigmund::text {

struct Decimal {
    std::uint64_t whole = 0;
    std::string_view fraction;  // the digits behind the dot
};

enum class Rounding { down, up };

// ask: takes "12", "1.5" or ".5" off the front of `text`; nothing (and `text` as it was) when there is none,
// when no digit follows the dot or when it overflows.
std::optional<Decimal> take_decimal(std::string_view& text);
// ask: number * unit; nothing on overflow. `unit` is at most 2^60.
std::optional<std::uint64_t> scale(const Decimal& number, std::uint64_t unit, Rounding rounding);

}  // namespace sigmund::text
