// SPDX-License-Identifier: Apache-2.0
// How single values of a record become JSON, and back: the codecs that its rows name (record_row.hpp). A
// record is hostile until it is proven otherwise, so set() checks types and ranges.
#pragma once
#include <algorithm>
#include <csignal>
#include <limits>
#include <optional>

#include "run/id.hpp"
#include "run/record.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"
#include "sys/signals.hpp"
#include "text/escape.hpp"

namespace sigmund::run::codec {

inline Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

// Returns nothing for a value that is not a whole number or is too high.
inline std::optional<std::int64_t> whole_number(const Json& value) {
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) return {};
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > highest) return {};
    return value.get<std::int64_t>();
}
// Returns zero for a negative number.
inline std::optional<std::uint64_t> natural_number(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_number_integer()) return {};
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.get<std::int64_t>()));
}

// Any text. The writer of the file replaces what is not UTF-8 in it.
struct Text {
    static Json get(const std::string& text) { return text; }
    static void set(std::string& to, Json& value) {
        if (value.is_string()) to = std::move(value.get_ref<std::string&>());
    }
};
struct TextOrNull : Text {
    static Json get(const std::string& text) { return or_null(text); }
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string_or_null(to); }
};
// Text into which others may have put bytes of any kind.
struct CleanText : Text {
    static Json get(const std::string& text) { return text::replace_invalid_utf8(text); }
};
struct CleanTextOrNull : Text {
    static Json get(const std::string& text) { return or_null(text::replace_invalid_utf8(text)); }
};
struct CleanTextIfAny : Text {
    static Json get(const std::string& text) { return text.empty() ? left_out() : CleanText::get(text); }
};

struct Version {
    static Json get(int) { return record_version; }
    static void set(int& to, const Json& value) {
        if (const auto number = whole_number(value))
            to = static_cast<int>(std::min<std::int64_t>(*number, 1 << 20));
    }
    static bool scan(Scanner& scanner, int& to) {
        std::int64_t number = 0;
        if (!scanner.number(number) || number != record_version) return false;
        to = record_version;
        return true;
    }
};

struct Id : Text {
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string(to); }
};

struct Name {
    static Json get(const std::string& name) { return or_null(name); }
    static void set(std::string& to, Json& value) {
        if (value.is_string() && is_name(value.get_ref<const std::string&>()))
            to = std::move(value.get_ref<std::string&>());
    }
    static bool scan(Scanner& scanner, std::string& to) {
        return scanner.string_or_null(to) && (to.empty() || is_name(to));
    }
};

struct Tags {
    static Json get(const std::vector<std::string>& tags) { return tags; }
    static void set(std::vector<std::string>& to, Json& value) {
        if (!value.is_array()) return;
        to.clear();
        for (Json& tag : value)
            if (tag.is_string() && is_tag(tag.get_ref<const std::string&>()))
                to.push_back(std::move(tag.get_ref<std::string&>()));
    }
    static bool scan(Scanner& scanner, std::vector<std::string>& to) {
        return scanner.strings(to) && std::all_of(to.begin(), to.end(), is_tag);
    }
};

// The state. A state that this version does not know counts as one in which the run lives.
struct StateWord {
    static Json get(State state) { return state_name(state); }
    static void set(State& to, const Json& value) {
        if (value.is_string()) to = parse_state(value.get_ref<const std::string&>()).value_or(State::running);
    }
    static bool scan(Scanner& scanner, State& to) {
        std::string word;
        if (!scanner.string(word)) return false;
        const auto state = parse_state(word);
        if (!state || !is_final(*state)) return false;
        to = *state;
        return true;
    }
};

// A Result or an EndedBy.
struct Known {
    template <typename Word>
    static Json get(const Word& word) {
        return word.str();
    }
    template <typename Word>
    static void set(Word& to, const Json& value) {
        if (value.is_string()) to = Word(value.get_ref<const std::string&>());
    }
};
struct KnownOrNull : Known {
    template <typename Word>
    static Json get(const Word& word) {
        return or_null(word.str());
    }
    template <typename Word>
    static bool scan(Scanner& scanner, Word& to) {
        std::string word;
        if (!scanner.string_or_null(word)) return false;
        to = Word(word);
        return true;
    }
};

struct Pid {
    static Json get(pid_t pid) { return pid; }
    static void set(pid_t& to, const Json& value) {
        const auto number = whole_number(value);
        if (number) to = *number > 0 && *number <= highest ? static_cast<pid_t>(*number) : 0;
    }
    static bool scan(Scanner& scanner, pid_t& to) {
        std::int64_t number = 0;
        if (!scanner.number(number) || number < 1 || number > highest) return false;
        to = static_cast<pid_t>(number);
        return true;
    }
    static constexpr std::int64_t highest = std::numeric_limits<pid_t>::max();
};
struct PidOrNull : Pid {
    static Json get(pid_t pid) { return pid != 0 ? Json(pid) : Json(nullptr); }
};

template <typename Number, std::uint64_t Mask>
struct Count {
    static Json get(Number number) { return number; }
    static void set(Number& to, const Json& value) {
        const auto number = whole_number(value);
        if (number)
            to = static_cast<Number>(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number)) & Mask);
    }
};
using Restarts = Count<int, 0x7fffffff>;
using UserId = Count<uid_t, 0xffffffff>;  // also a group id, which has the same type

// A number. Zero means that it is not known.
struct NaturalOrNull {
    static Json get(std::uint64_t number) { return number != 0 ? Json(number) : Json(nullptr); }
    static void set(std::uint64_t& to, const Json& value) {
        if (const auto number = natural_number(value)) to = *number;
    }
};
// Clock ticks. Version 1 sometimes has them as a string.
struct Ticks : NaturalOrNull {
    static void set(std::uint64_t& to, const Json& value) {
        if (value.is_string())
            to = std::strtoull(value.get_ref<const std::string&>().c_str(), nullptr, 10);
        else
            NaturalOrNull::set(to, value);
    }
};

struct Flag {
    static Json get(bool flag) { return flag; }
    static void set(bool& to, const Json& value) {
        if (value.is_boolean()) to = value.get<bool>();
    }
};
struct FlagOrNull {
    static Json get(std::optional<bool> flag) { return flag ? Json(*flag) : Json(nullptr); }
    static void set(std::optional<bool>& to, const Json& value) {
        if (value.is_boolean()) to = value.get<bool>();
    }
};

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
};
// The same time as text for people.
struct TimeText {
    static Json get(std::optional<sys::Millis> ms) { return ms ? Json(sys::rfc3339(*ms)) : Json(nullptr); }
    template <typename To>
    static bool scan(Scanner& scanner, To&) {
        return scanner.skip_string();
    }
};
// The start in nanoseconds, as version 1 has it.
struct Nanoseconds {
    static Json get(sys::Millis ms) { return ms * 1'000'000; }
    static void set(sys::Millis& to, const Json& value) {
        if (const auto number = whole_number(value)) to = *number / 1'000'000;
    }
};

// The three keys of an exit status.
struct ExitCode {
    static Json get(const sys::ExitStatus& status) {
        return status.known && status.signal == 0 ? Json(status.code) : Json(nullptr);
    }
    static void set(sys::ExitStatus& to, const Json& value) {
        const auto number = whole_number(value);
        if (!number) return;
        to.known = true;
        to.code = static_cast<int>(*number & 0xff);
    }
    static bool scan(Scanner& scanner, sys::ExitStatus& to) {
        std::int64_t number = 0;
        if (scanner.literal("null")) return true;
        if (!scanner.number(number)) return false;
        to = sys::ExitStatus::exited(static_cast<int>(number & 0xff));
        return true;
    }
};
struct EndSignal {
    static Json get(const sys::ExitStatus& status) {
        return status.known && status.signal != 0 ? Json(sys::signal_name(status.signal)) : Json(nullptr);
    }
    static void set(sys::ExitStatus& to, const Json& value) {
        const auto signal =
            value.is_string() ? sys::parse_signal(value.get_ref<const std::string&>()) : std::nullopt;
        if (!signal) return;
        to.known = true;
        to.signal = *signal;
    }
    static bool scan(Scanner& scanner, sys::ExitStatus& to) {
        std::string name;
        if (scanner.literal("null")) return true;
        const auto signal = scanner.string(name) ? sys::parse_signal(name) : std::nullopt;
        if (signal) to = sys::ExitStatus::killed(*signal, false);
        return signal.has_value();
    }
};
struct CoreDumped {
    static Json get(const sys::ExitStatus& status) {
        return status.known ? Json(status.core) : Json(nullptr);
    }
    static void set(sys::ExitStatus& to, const Json& value) { Flag::set(to.core, value); }
    static bool scan(Scanner& scanner, sys::ExitStatus& to) {
        to.core = scanner.literal("true");
        return to.core || scanner.literal("false") || scanner.literal("null");
    }
};

struct StopSignal {
    static Json get(int signal) { return sys::signal_name(signal != 0 ? signal : SIGTERM); }
    static void set(int& to, const Json& value) {
        if (value.is_string()) to = sys::parse_signal(value.get_ref<const std::string&>()).value_or(SIGTERM);
    }
};
struct StopTimeout {
    static Json get(std::optional<sys::Millis> ms) { return ms.value_or(usual_grace); }
    static void set(std::optional<sys::Millis>& to, const Json& value) {
        if (const auto number = whole_number(value)) to = std::max<std::int64_t>(0, *number);
    }
};

// A JSON object that is kept as its text.
struct Kept {
    static Json get(const std::string& json) {
        return json.empty() ? left_out() : Json::parse(json, nullptr, false);
    }
    static void set(std::string& to, const Json& value) {
        if (value.is_object()) to = value.dump();
    }
};

}  // namespace sigmund::run::codec
