// SPDX-License-Identifier: Apache-2.0
// The codecs of times in a record, which its rows name (record_row.hpp). A time is in the record as text and as
// a number, and the text comes first.
#pragma once
#include <optional>
#include <type_traits>

#include "run/record_copier.hpp"
#include "run/record_numbers.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"
#include "sys/clock.hpp"

namespace sigmund::run::codec {

// Milliseconds since 1970. An absent time is null.
struct Time {
    static Json get(std::optional<sys::Millis> ms) { return ms ? Json(*ms) : Json(nullptr); }
    template <typename To>
    static void set(To& to, const Json& value) {
        if (const auto number = whole_number(value)) to = *number;
    }
    template <typename To>
    static bool scan(Scanner& scanner, To& to) {
        std::int64_t number = 0;
        if (!scanner.number(number)) return false;
        to = number;
        return true;
    }
    template <typename To>
    static bool verbatim(Copier& copier) {
        if (copier.time.empty())
            return std::is_same_v<To, std::optional<sys::Millis>> && copier.scanner.literal("null");
        std::int64_t number = 0;
        return copier.scanner.number(number) && copier.time == sys::rfc3339(number);
    }
};
// The same time as text for people.
struct TimeText {
    static Json get(std::optional<sys::Millis> ms) { return ms ? Json(sys::rfc3339(*ms)) : Json(nullptr); }
    template <typename To>
    static bool scan(Scanner& scanner, To&) {
        return scanner.skip_string();
    }
    static bool verbatim(Copier& copier) {
        copier.time = {};
        return copier.scanner.literal("null") ||
               (copier.scanner.skip_written_string(&copier.time) && !copier.time.empty());
    }
};
// The start in nanoseconds, as version 1 has it.
struct Nanoseconds {
    static Json get(sys::Millis ms) { return ms * 1'000'000; }
    static void set(sys::Millis& to, const Json& value) {
        if (const auto number = whole_number(value)) to = *number / 1'000'000;
    }
};

}  // namespace sigmund::run::codec
