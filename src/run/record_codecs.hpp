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
#include "run/record_copier.hpp"
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

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

// Any text. The writer of the file replaces what is not UTF-8 in it.
struct Text {
    static Json get(const std::string& text) { return text; }
    static void set(std::string& to, Json& value) {
        if (value.is_string()) to = std::move(value.get_ref<std::string&>());
    }
    static bool verbatim(Copier& copier) { return copier.scanner.skip_written_string(); }
};
struct TextOrNull : Text {
    static Json get(const std::string& text) { return or_null(text); }
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string_or_null(to); }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || written_text(copier); }
};
// Text into which others may have put bytes of any kind.
struct CleanText : Text {
    static Json get(const std::string& text) { return text::replace_invalid_utf8(text); }
};
struct CleanTextOrNull : TextOrNull {
    static Json get(const std::string& text) { return or_null(text::replace_invalid_utf8(text)); }
    static bool scan(Scanner& scanner, std::string& to) = delete;
};
struct CleanTextIfAny : Text {
    static Json get(const std::string& text) { return text.empty() ? left_out() : CleanText::get(text); }
    static bool verbatim(Copier& copier) = delete;
};
// A record has it with the identity of the leader and, for version 1, once more.
struct BootId : TextOrNull {
    static bool scan(Scanner& scanner, std::string& to) = delete;
    static bool verbatim(Copier& copier) {
        const std::string_view before = copier.scanner.rest();
        if (!TextOrNull::verbatim(copier)) return false;
        const std::string_view text = before.substr(0, before.size() - copier.scanner.rest().size());
        const std::string_view first = std::exchange(copier.boot_id, text);
        return first.empty() || first == text;
    }
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
    static bool verbatim(Copier& copier) { return written_number(copier, record_version, record_version); }
};

struct Id : Text {
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string(to); }
    static bool verbatim(Copier& copier) {
        std::string_view content;
        return copier.scanner.skip_written_string(&content) && content == copier.id;
    }
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
    static bool verbatim(Copier& copier) {
        std::string_view content;
        return copier.scanner.literal("null") ||
               (copier.scanner.skip_written_string(&content) && is_name(content));
    }
};

// A list of words that have a form of their own.
template <bool (*Valid)(std::string_view)>
struct ValidWords {
    static Json get(const std::vector<std::string>& words) { return words; }
    static void set(std::vector<std::string>& to, Json& value) {
        if (!value.is_array()) return;
        to.clear();
        for (Json& word : value)
            if (word.is_string() && Valid(word.get_ref<const std::string&>()))
                to.push_back(std::move(word.get_ref<std::string&>()));
    }
    static bool scan(Scanner& scanner, std::vector<std::string>& to) {
        return scanner.strings(to) && std::all_of(to.begin(), to.end(), Valid);
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.skip_strings([](std::string_view word) { return Valid(word); });
    }
};
using Tags = ValidWords<is_tag>;
using Names = ValidWords<is_name>;

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
    static bool verbatim(Copier& copier) {
        std::string_view content;
        if (!copier.scanner.skip_written_string(&content)) return false;
        const auto state = parse_state(content);
        return state && is_final(*state);
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
    static bool verbatim(Copier& copier) { return copier.scanner.skip_written_string(); }
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
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || written_text(copier); }
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
    static bool verbatim(Copier& copier) { return written_number(copier, 1, highest); }
};
struct PidOrNull : Pid {
    static Json get(pid_t pid) { return pid != 0 ? Json(pid) : Json(nullptr); }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || Pid::verbatim(copier); }
};

template <typename Number, std::uint64_t Mask>
struct Count {
    static Json get(Number number) { return number; }
    static void set(Number& to, const Json& value) {
        const auto number = whole_number(value);
        if (number)
            to = static_cast<Number>(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number)) & Mask);
    }
    static bool verbatim(Copier& copier) {
        return written_number(copier, 0, static_cast<std::int64_t>(Mask));
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
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 1, no_limit);
    }
};
// A port. 0 means that there is none.
struct PortOrNull {
    static Json get(int port) { return port != 0 ? Json(port) : Json(nullptr); }
    static void set(int& to, const Json& value) {
        const auto number = whole_number(value);
        if (number && *number >= 0 && *number <= highest_port) to = static_cast<int>(*number);
    }
    static bool scan(Scanner& scanner, int& to) {
        std::int64_t number = 0;
        if (scanner.literal("null")) return true;
        if (!scanner.number(number) || number < 1 || number > highest_port) return false;
        to = static_cast<int>(number);
        return true;
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 1, highest_port);
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
    static bool scan(Scanner& scanner, bool& to) {
        to = scanner.literal("true");
        return to || scanner.literal("false");
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("true") || copier.scanner.literal("false");
    }
};
struct FlagOrNull {
    static Json get(std::optional<bool> flag) { return flag ? Json(*flag) : Json(nullptr); }
    static void set(std::optional<bool>& to, const Json& value) {
        if (value.is_boolean()) to = value.get<bool>();
    }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || Flag::verbatim(copier); }
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

inline bool written_signal(Copier& copier) {
    std::string_view content;
    if (!copier.scanner.skip_written_string(&content)) return false;
    const auto signal = sys::parse_signal(content);
    return signal && content == sys::signal_name(*signal);
}

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
    static bool verbatim(Copier& copier) {
        copier.ended = !copier.scanner.literal("null");
        return !copier.ended || written_number(copier, 0, 0xff);
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
    static bool verbatim(Copier& copier) {
        if (copier.scanner.literal("null")) return true;
        return !std::exchange(copier.ended, true) && written_signal(copier);
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
    static bool verbatim(Copier& copier) {
        return copier.ended ? Flag::verbatim(copier) : copier.scanner.literal("null");
    }
};

struct StopSignal {
    static Json get(int signal) { return sys::signal_name(signal != 0 ? signal : SIGTERM); }
    static void set(int& to, const Json& value) {
        if (value.is_string()) to = sys::parse_signal(value.get_ref<const std::string&>()).value_or(SIGTERM);
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("\"SIGTERM\"") || written_signal(copier);
    }
};
struct StopTimeout {
    static Json get(std::optional<sys::Millis> ms) { return ms.value_or(usual_grace); }
    static void set(std::optional<sys::Millis>& to, const Json& value) {
        if (const auto number = whole_number(value)) to = std::max<std::int64_t>(0, *number);
    }
    static bool verbatim(Copier& copier) { return written_number(copier, 0, no_limit); }
};

// A JSON object that is kept as its text.
struct Kept {
    static Json get(const std::string& json) {
        return json.empty() ? left_out() : Json::parse(json, nullptr, false);
    }
    static void set(std::string& to, const Json& value) {
        if (value.is_object()) to = value.dump();
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.rest().starts_with('{') && copier.scanner.skip_value(16);
    }
};
struct KeptOrEmpty : Kept {
    static Json get(const std::string& json) { return json.empty() ? Json::object() : Kept::get(json); }
};

}  // namespace sigmund::run::codec
