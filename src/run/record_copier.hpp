// SPDX-License-Identifier: Apache-2.0
// Copies the text of a finished record's file to the machine output without a parser: most values are the same
// text in both. Each codec says when that is certain (`verbatim`); then the copier goes on, and otherwise the
// parser decides about the whole record.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "run/record_row.hpp"
#include "run/record_scanner.hpp"

namespace sigmund::run {

struct Copier {
    Scanner scanner;
    std::string_view id;  // the record must have it
    std::string out;      // the object for the machine output
    // What the codecs have seen in the keys before.
    std::string_view time;     // the text form of the time that follows as a number
    std::string_view boot_id;  // a record has it twice
    bool ended = false;        // there was an exit code or a signal
    bool nobody = false;       // the process before was null
};

// The text before the value of a row: {"version": or ,"id": and so on.
template <const auto& Rows, std::size_t At>
inline constexpr auto opening = [] {
    constexpr std::string_view key = Rows[At].key;
    std::array<char, key.size() + 4> out{};
    std::size_t size = 0;
    out[size++] = At == 0 ? '{' : ',';
    out[size++] = '"';
    for (const char c : key) out[size++] = c;
    out[size++] = '"';
    out[size++] = ':';
    return out;
}();

// Copies a row. A row that cannot be copied must be absent, and others may be: if it is present after all, the next
// row does not find its own key.
template <const auto& Rows, std::size_t At>
bool copy_row(Copier& copier) {
    constexpr auto row = Rows[At];
    if constexpr (!row.copyable) {
        return true;
    } else {
        constexpr const auto& before = opening<Rows, At>;
        if (!copier.scanner.template take<before.size()>(before.data())) {
            if constexpr (!row.null_if_absent) return false;
            static_assert(!row.null_if_absent || (At > 0 && !row.in_files_only));
            copier.out.append(before.data(), before.size()).append("null");
            return true;
        }
        const std::size_t size = copier.out.size();
        if (copier.out.back() != '{') copier.out += ',';
        copier.out.append(before.data() + 1, before.size() - 1);
        if (!row.copy(copier)) return false;
        if (row.in_files_only) copier.out.resize(size);
        return true;
    }
}

// Copies an object with such rows. `each` copies the row of a number.
template <const auto& Rows, typename Each>
bool copy_object(Copier& copier, Each each) {
    constexpr std::size_t count = sizeof(Rows) / sizeof(Rows[0]);
    static_assert(Rows[0].copyable, "the first row has the brace");
    copier.out += '{';
    const bool copied = [&]<std::size_t... At>(std::index_sequence<At...>) {
        return (each.template operator()<At>() && ...);
    }
    (std::make_index_sequence<count>());
    copier.out += '}';
    return copied && copier.scanner.literal("}");
}
template <const auto& Rows>
bool copy_object(Copier& copier) {
    return copy_object<Rows>(copier, [&]<std::size_t At>() { return copy_row<Rows, At>(copier); });
}

namespace codec {

// Return whether the next value is such a text or number, as the writer gives it.
inline bool written_text(Copier& copier) {
    std::string_view content;
    return copier.scanner.skip_written_string(&content) && !content.empty();
}
inline bool written_number(Copier& copier, std::int64_t lowest, std::int64_t highest) {
    std::int64_t number = 0;
    return copier.scanner.number(number) && number >= lowest && number <= highest;
}

}  // namespace codec

}  // namespace sigmund::run
