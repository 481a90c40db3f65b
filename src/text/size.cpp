// SPDX-License-Identifier: Apache-2.0
// All numbers are exact integers, without floating point.
#include "text/size.hpp"

#include "text/decimal.hpp"

namespace sigmund::text {

namespace {

constexpr std::string_view prefixes = "KMGTPE";  // each is 1024 times the previous one

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Returns the bytes in a unit: "", "B", "K", "KB", "KiB" and so on, in any case. Returns nothing for an
// unknown unit.
std::optional<std::uint64_t> unit_of(std::string_view name) {
    std::string letters;
    for (const char c : name) letters += upper(c);
    if (letters.empty() || letters == "B") return 1;
    const std::size_t index = prefixes.find(letters.front());
    if (index == prefixes.npos) return {};
    letters.erase(0, 1);
    if (!letters.empty() && letters != "B" && letters != "IB") return {};
    return std::uint64_t{1} << (10 * (index + 1));
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const std::optional<Decimal> number = take_decimal(text);
    if (!number) return {};
    if (text.size() > 1 && text.front() == ' ') text.remove_prefix(1);
    if (text.size() > 3) return {};
    const std::optional<std::uint64_t> unit = unit_of(text);
    if (!unit) return {};
    if (*unit == 1 && !number->fraction.empty()) return {};  // half a byte does not exist
    return scale(*number, *unit, Rounding::down);
}

std::string format_size(std::uint64_t bytes) {
    if (bytes < 1024) return std::to_string(bytes) + " B";
    std::size_t index = 0;
    while (index + 1 < prefixes.size() && bytes >> (10 * (index + 2)) != 0) ++index;
    std::uint64_t unit = std::uint64_t{1} << (10 * (index + 1));
    std::uint64_t whole = bytes / unit;
    // The product is below 2^60 * 10 + 2^59, so it fits.
    std::uint64_t tenths = (bytes % unit * 10 + unit / 2) / unit;
    if (tenths == 10) {
        ++whole;
        tenths = 0;
    }
    if (whole == 1024 && index + 1 < prefixes.size()) {
        whole = 1;
        ++index;
    }
    std::string out = std::to_string(whole);
    if (tenths != 0) {
        out += '.';
        out += static_cast<char>('0' + tenths);
    }
    out += ' ';
    out += prefixes[index];
    out += 'B';
    return out;
}

}  // namespace sigmund::text
