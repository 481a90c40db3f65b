// SPDX-License-Identifier: Apache-2.0
// A table that gives each value of an enumeration its word, and the two look-ups in it.
#pragma once
#include <optional>
#include <string_view>

namespace sigmund::text {

template <typename Enum>
struct Named {
    Enum value;
    std::string_view word;
};

// The word of a value; empty when the table has no row for it.
template <typename Enum, typename Row, std::size_t N>
constexpr std::string_view word_of(const Row (&table)[N], Enum value) {
    for (const Row& row : table)
        if (row.value == value) return row.word;
    return {};
}

// Returns nothing when no row has the word.
template <typename Row, std::size_t N>
constexpr auto find_word(const Row (&table)[N], std::string_view word) {
    using Enum = decltype(Row::value);
    for (const Row& row : table)
        if (row.word == word) return std::optional<Enum>(row.value);
    return std::optional<Enum>();
}

}  // namespace sigmund::text
