// SPDX-License-Identifier: Apache-2.0
// Where everything is on the screen, computed from its size alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sigmund::top {

// The smallest screen, in columns and rows, on which the parts have room.
inline constexpr std::size_t least_columns = 40, least_rows = 10;

enum class Column : std::uint8_t { name, state, age, cpu, memory, spark, restarts, ports, command };

struct Place {
    Column column;
    std::size_t at = 0, width = 0;
    bool operator==(const Place&) const = default;
};

// Rows are counted from 0. The title of the list is in row 0, the names of its columns in row 1, and the line for messages
// and questions in the last one.
struct Layout {
    bool fits = false;  // if not, the other members mean nothing
    std::size_t list_at = 2, list_rows = 0;
    std::size_t log_title = 0, log_at = 0, log_rows = 0;
    std::size_t last = 0;
    std::vector<Place> places;  // the columns that have room, from left to right
    bool operator==(const Layout&) const = default;
};

// `runs` is how many rows the list would fill: the log gets what a short list leaves.
Layout layout_of(std::size_t columns, std::size_t rows, std::size_t runs);

}  // namespace sigmund::top
