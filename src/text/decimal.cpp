// SPDX-License-Identifier: Apache-2.0
#include "text/decimal.hpp"

namespace sigmund::text {

namespace {

bool digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && digit(text[count])) ++count;
    return count;
}

}  // namespace

std::optional<Decimal> take_decimal(std::string_view& text) {
    Decimal number;
    const std::size_t whole = count_digits(text);
    for (const char c : text.substr(0, whole)) {
        if (__builtin_mul_overflow(number.whole, std::uint64_t{10}, &number.whole)) return {};
        if (__builtin_add_overflow(number.whole, std::uint64_t(c - '0'), &number.whole)) return {};
    }
    std::string_view rest = text.substr(whole);
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        number.fraction = rest.substr(0, count_digits(rest));
        if (number.fraction.empty()) return {};
        rest.remove_prefix(number.fraction.size());
    } else if (whole == 0) {
        return {};
    }
    text = rest;
    return number;
}

std::optional<std::uint64_t> scale(const Decimal& number, std::uint64_t unit, Rounding rounding) {
    // This goes from the last digit to the first and divides by ten at each: rounding every step in one
    // direction rounds the whole in that direction. 9 * 2^60 plus the carry (below 2^60) fits into 64 bits.
    std::uint64_t part = 0;
    for (auto c = number.fraction.rbegin(); c != number.fraction.rend(); ++c) {
        part += static_cast<std::uint64_t>(*c - '0') * unit;
        part = rounding == Rounding::up ? (part + 9) / 10 : part / 10;
    }
    std::uint64_t total = 0;
    if (__builtin_mul_overflow(number.whole, unit, &total)) return {};
    if (__builtin_add_overflow(total, part, &total)) return {};
    return total;
}

}  // namespace sigmund::text
