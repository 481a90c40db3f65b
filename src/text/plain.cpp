// SPDX-License-Identifier: Apache-2.0
#include "text/plain.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "text/escape.hpp"

namespace sigmund::text {
namespace {

constexpr std::size_t largest_number = 100'000;  // of a parameter
constexpr std::size_t most_erased = 4096;        // by one CSI X, so that erasing again and again is fast
constexpr std::string_view replacement = "\xef\xbf\xbd";
// How many characters a program may show again for each that it writes: a state of a long line in which one
// character changes over and over is not passed each time.
constexpr std::size_t most_shown_again = 256;

// Returns whether these are numbers only, without a private marker or intermediate characters.
bool are_numbers(std::string_view parameters) {
    return parameters.find_first_not_of("0123456789;:") == std::string_view::npos;
}

// Calls `take` with each number; a missing one is 0.
template <typename Take>
void each_number(std::string_view parameters, const Take& take) {
    std::size_t number = 0;
    for (const char c : parameters) {
        if (c >= '0' && c <= '9') {
            number = std::min(number * 10 + static_cast<std::size_t>(c - '0'), largest_number);
            continue;
        }
        take(number);
        number = 0;
    }
    take(number);
}

std::size_t at_least_1(std::size_t number) {
    return std::max<std::size_t>(number, 1);
}

}  // namespace

void PlainText::drop_unfinished() {
    line_.clear();
    line_.move_to(0);
    saved_.here = false;
    progress_ = {};
}

// Passes the line on. The cursor stays in its column.
void PlainText::end_line(Part part) {
    sink_(line_.text(), part);
    line_.clear();
    saved_.here = false;
    progress_ = {};
}

void PlainText::end_if_full() {
    if (!line_.full()) return;
    end_line(Part::piece);
    line_.move_to(0);
}

// The cursor goes to another row. A line that has no text yet is not left behind.
void PlainText::end_frame(std::size_t column) {
    if (!line_.empty()) end_line(Part::line);
    saved_.here = false;
    line_.move_to(column);
}

// Shows the state that would be overwritten.
void PlainText::before_change(bool erases) {
    const bool overwrites = std::exchange(progress_.back, false) || erases;
    if (!options_.states || !progress_.changed || !overwrites) return;
    if (line_.size() > progress_.written * most_shown_again) return;
    sink_(line_.text(), Part::state);
    progress_ = {};
}

void PlainText::ascii(std::string_view run) {
    while (!alternate_ && !run.empty()) {
        before_change(false);
        const std::string_view now = run.substr(0, line_.room());
        line_.put_ascii(now);
        progress_.changed = true;
        progress_.written += now.size();
        run.remove_prefix(now.size());
        end_if_full();
    }
}

void PlainText::put(std::string_view character, std::size_t width) {
    if (alternate_) return;
    if (width == 0) {
        line_.combine(character);
    } else {
        before_change(false);
        line_.put(character, width);
        progress_.changed = true;
        ++progress_.written;
    }
    end_if_full();
}

void PlainText::character(std::string_view character, char32_t /*code*/) {
    put(character, display_width(character));
}

void PlainText::invalid_byte() {
    put(replacement, 1);
}

void PlainText::control(char c) {
    if (alternate_) return;
    if (c == '\n' || c == '\v' || c == '\f') {
        end_line(Part::line);
        line_.move_to(0);
    } else if (c == '\r') {
        move_back(0);
    } else if (c == '\b') {
        if (line_.column() > 0) move_back(line_.column() - 1);
    } else if (c == '\t') {
        line_.tab(options_.tabs_as_blanks);
        progress_.changed = true;
        ++progress_.written;
        end_if_full();
    }
}

void PlainText::move_back(std::size_t column) {
    line_.move_to(column);
    progress_.back = true;
}

void PlainText::restore_cursor() {
    if (saved_.here)
        move_back(saved_.column);
    else
        end_frame(saved_.column);
    saved_.here = true;
}

void PlainText::escape(char final) {
    if (final == 'c') alternate_ = false;  // reset
    if (alternate_) return;
    if (final == '7') saved_ = {line_.column(), true};
    if (final == '8') restore_cursor();
    if (final == 'M') end_frame(line_.column());  // reverse index
    if (final == 'c') end_frame(0);
    if (final == 'D' || final == 'E') end_line(Part::line);  // index, next line
    if (final == 'E') line_.move_to(0);
}

// Carries out "CSI ? ... h" (`alternate`) or l.
void PlainText::set_screen(std::string_view parameters, bool alternate) {
    each_number(parameters, [&](std::size_t mode) {
        if (mode == 47 || mode == 1047 || mode == 1049) alternate_ = alternate;
    });
}

void PlainText::sequence(std::string_view parameters, char final) {
    const bool sets_modes = final == 'h' || final == 'l';
    if (sets_modes && parameters.starts_with('?') && are_numbers(parameters.substr(1)))
        return set_screen(parameters.substr(1), final == 'h');
    if (alternate_ || !are_numbers(parameters)) return;
    std::array<std::size_t, 2> number{};
    std::size_t count = 0;
    each_number(parameters, [&](std::size_t value) {
        if (count < number.size()) number[count++] = value;
    });
    move(final, number[0], number[1]);
    change(final, number[0]);
}

void PlainText::move(char final, std::size_t first, std::size_t second) {
    const std::size_t n = at_least_1(first), column = line_.column();
    switch (final) {
        case 'A':
        case 'B':
        case 'd':
        case 'e':
            return end_frame(column);
        case 'E':
        case 'F':
            return end_frame(0);
        case 'H':
        case 'f':
            return end_frame(at_least_1(second) - 1);
        case 'C':
        case 'a':
            return line_.move_to(column + n);
        case 'D':
            return move_back(column - std::min(n, column));
        case 'G':
        case '`':
            return move_back(n - 1);
        case 's':
            saved_ = {column, true};
            return;
        case 'u':
            return restore_cursor();
        default:
            return;
    }
}

void PlainText::change(char final, std::size_t first) {
    const std::size_t n = at_least_1(first), column = line_.column();
    const bool changes = std::string_view("JKXP@").find(final) != std::string_view::npos;
    if (!changes || line_.empty()) return;
    if (final == 'J' && first > 1) return end_frame(column);  // what was on the screen stays in the text
    before_change(true);
    if (final == 'J' || final == 'K') {
        if (first == 0) line_.erase_from(column);
        if (first == 1) line_.erase(0, column + 1);
        if (first == 2) line_.erase_from(0);
    }
    if (final == 'X') line_.erase(column, column + std::min(n, most_erased));
    if (final == 'P') line_.remove(n);
    if (final == '@') line_.insert_blanks(n);
    end_if_full();
}

std::vector<std::string> plain_lines(std::string_view bytes, const PlainLimits& limits) {
    std::deque<std::string> kept;
    std::size_t blank = 0;  // lines after the kept ones
    bool goes_on = false;   // the rest of a line is left out
    const auto keep = [&](std::string line) {
        kept.push_back(std::move(line));
        if (kept.size() > limits.lines) kept.pop_front();
    };
    const auto take = [&](std::string_view text, PlainText::Part part) {
        text = text.substr(0, text.find_last_not_of(' ') + 1);
        const bool counts = !goes_on;
        goes_on = part == PlainText::Part::piece;
        if (!counts) return;
        if (text.empty() && !goes_on) {
            ++blank;
            return;
        }
        for (blank = std::min(blank, limits.lines); blank > 0; --blank) keep({});
        keep(truncate(text, limits.columns));
    };
    PlainText plain(take, {.tabs_as_blanks = true, .states = false});
    plain.feed(bytes);
    plain.finish();
    take(plain.unfinished(), PlainText::Part::line);
    return {kept.begin(), kept.end()};
}

}  // namespace sigmund::text
