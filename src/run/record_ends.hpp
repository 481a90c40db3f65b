// SPDX-License-Identifier: Apache-2.0
// The codecs of how a run ended and how it is stopped, which the rows of a record name (record_row.hpp).
#pragma once
#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "run/record.hpp"
#include "run/record_copier.hpp"
#include "run/record_numbers.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"
#include "sys/process.hpp"
#include "sys/signals.hpp"

namespace sigmund::run::codec {

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

// The name of a signal that was sent.
struct SignalName {
    static Json get(int signal) { return sys::signal_name(signal); }
    static void set(int& to, const Json& value) {
        if (value.is_string()) to = sys::parse_signal(value.get_ref<const std::string&>()).value_or(0);
    }
    static bool verbatim(Copier& copier) { return written_signal(copier); }
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

}  // namespace sigmund::run::codec
