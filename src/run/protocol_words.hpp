// SPDX-License-Identifier: Apache-2.0
// The words of a line of the protocol, which protocol_requests.cpp and protocol_answers.cpp take and format.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

#include "run/protocol.hpp"
#include "sys/signals.hpp"
#include "text/words.hpp"

namespace sigmund::run::words {

// Removes the next word from the text, and the blanks before it.
inline std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

template <typename Int>
bool to_int(std::string_view word, Int& out) {
    const auto number = text::whole_number<Int>(word);
    out = number.value_or(out);
    return number.has_value();
}

template <typename Table, typename Enum>
bool to_enum(std::string_view word, const Table& table, Enum& out) {
    const auto found = text::find_word(table, word);
    out = found.value_or(out);
    return found.has_value();
}

// Reads the columns or the rows of a terminal.
inline bool read_side(std::string_view word, int& out) {
    return to_int(word, out) && out > 0 && out <= longest_side;
}

inline bool read_signal(std::string_view word, int& out) {
    const auto signal = sys::parse_signal(word);
    out = signal.value_or(0);
    return signal.has_value();
}

// `-` means that there is no word.
inline std::string word_or_dash(const std::string& word) {
    return word.empty() ? "-" : word;
}

// Reads a line by the row of its first word. `read_argument` takes one argument from the rest of the line, or returns
// false. A line that is not understood becomes the default message.
template <typename Message, std::size_t size, typename Row>
Message parse(std::string_view line, const Row (&rows)[size],
              bool (*read_argument)(Argument, std::string_view&, Message&)) {
    const std::string_view word = take_word(line);
    for (const Row& row : rows) {
        if (row.word.empty() || row.word != word) continue;
        Message out;
        for (const Argument argument : row.arguments)
            if (!read_argument(argument, line, out)) return {};
        out.kind = row.kind;
        return out;
    }
    return {};
}

template <typename Message, typename Row>
std::string format(const Message& message, const Row& row,
                   void (*append_argument)(Argument, const Message&, std::string&)) {
    std::string out(row.word);
    for (const Argument argument : row.arguments) append_argument(argument, message, out);
    return out;
}

// Returns whether the number of each row is that of its kind.
template <std::size_t size, typename Row>
constexpr bool in_order(const Row (&rows)[size]) {
    for (std::size_t i = 0; i < size; ++i)
        if (static_cast<std::size_t>(rows[i].kind) != i) return false;
    return true;
}

}  // namespace sigmund::run::words
