// SPDX-License-Identifier: Apache-2.0
#include "top/layout.hpp"

#include <algorithm>

namespace sigmund::top {
namespace {

struct Wanted {
    Column column;
    std::size_t width;
    std::size_t from;  // the screen must have this many columns for it
};
// The name takes a part of what is left, and the command the rest.
constexpr Wanted wanted[] = {
    {Column::state, 10, 0},  {Column::age, 4, 48},      {Column::cpu, 5, 0},     {Column::memory, 7, 0},
    {Column::spark, 10, 76}, {Column::restarts, 4, 84}, {Column::ports, 11, 92},
};
constexpr std::size_t whole_state = 17, whole_state_from = 64;  // "stopped by Ctrl-S" has 17 columns
constexpr std::size_t marker = 2;                               // the mark of the selected run
constexpr std::size_t longest_name = 24;                        // columns
constexpr std::size_t least_command = 10;

std::vector<Place> places_in(std::size_t columns) {
    const auto width_of = [&](const Wanted& w) {
        return w.column == Column::state && columns >= whole_state_from ? whole_state : w.width;
    };
    std::size_t others = 0;
    for (const Wanted& w : wanted)
        if (columns >= w.from) others += width_of(w) + 1;
    const std::size_t room = columns - marker - others;
    const bool command = room >= 12 + 1 + least_command;
    const std::size_t name = command ? std::min(longest_name, std::max<std::size_t>(12, room / 3)) : room;
    std::vector<Place> out{{Column::name, marker, name}};
    std::size_t at = marker + name + 1;
    for (const Wanted& w : wanted) {
        if (columns < w.from) continue;
        out.push_back({w.column, at, width_of(w)});
        at += width_of(w) + 1;
    }
    if (command) out.push_back({Column::command, at, columns - at});
    return out;
}

}  // namespace

Layout layout_of(std::size_t columns, std::size_t rows, std::size_t runs) {
    Layout out;
    if (columns < least_columns || rows < least_rows) return out;
    out.fits = true;
    out.last = rows - 1;
    const std::size_t shared = rows - out.list_at - 2;  // without the title of the log and the last line
    const std::size_t half = shared / 2;
    out.list_rows = std::clamp<std::size_t>(runs, std::min<std::size_t>(3, half), half);
    out.log_title = out.list_at + out.list_rows;
    out.log_at = out.log_title + 1;
    out.log_rows = out.last - out.log_at;
    out.places = places_in(columns);
    return out;
}

}  // namespace sigmund::top
