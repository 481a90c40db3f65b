// SPDX-License-Identifier: Apache-2.0
#include "ops/end_facts.hpp"

#include <signal.h>

#include "sys/clock.hpp"
#include "sys/signals.hpp"
#include "text/duration.hpp"

namespace sigmund::ops {

using run::EndedBy;

EndedBy ended_by(const run::Record& record, const run::Result& result) {
    if (!record.ended_by.empty()) return record.ended_by;
    switch (result.kind()) {
        case run::Result::stopped:
            if (last_call(record, {"stop"})) return EndedBy::stop;
            if (last_call(record, {"signal SIGTERM to the guardian"})) return EndedBy::guardian_signal;
            return EndedBy::lease;
        case run::Result::killed:
            return last_call(record, {"kill"}) ? EndedBy::kill : EndedBy::guardian_signal;
        case run::Result::timeout:
            return EndedBy::timeout;
        case run::Result::unready:
            return EndedBy::unready;
        case run::Result::unhealthy:
            return EndedBy::unhealthy;
        case run::Result::restart_limit:
            return EndedBy::restart_limit;
        case run::Result::launch:
            return EndedBy::launch;
        default:
            return EndedBy::itself;
    }
}

bool leader_first(const run::Record& record, const EndedBy& cause) {
    if (record.leader_first) return *record.leader_first;
    if (cause == EndedBy::itself || cause == EndedBy::restart_limit || cause == EndedBy::launch) return true;
    const int stop = record.stop_signal != 0 ? record.stop_signal : SIGTERM;
    return cause == EndedBy::unready && record.status.known && record.status.signal != stop &&
           record.status.signal != SIGKILL;
}

const run::Call* last_call(const run::Record& record, std::initializer_list<std::string_view> verbs) {
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call)
        for (const std::string_view verb : verbs)
            if (call->verb == verb) return &*call;
    return nullptr;
}

bool shortly_before_end(const run::Record& record, sys::Millis at_ms) {
    constexpr sys::Millis shortly = 5000;
    return record.ended_ms.value_or(sys::realtime_ms()) - at_ms <= shortly;
}

const run::Call* sender_of(const run::Record& record, int signal) {
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call)
        if (call->verb == "signal " + sys::signal_name(signal) && shortly_before_end(record, call->at_ms))
            return &*call;
    return nullptr;
}

std::string told(const run::Call& call) {
    return call.verb + " at " + sys::local_time(call.at_ms) + " by process " + std::to_string(call.pid) +
           " of user " + std::to_string(call.uid) + (call.command.empty() ? "" : ": " + call.command);
}

std::string told(const run::SentSignal& sent, const run::Record& record) {
    if (!sent.sent()) return {};
    std::string out = sys::signal_name(sent.signal);
    if (record.ended_ms && *record.ended_ms >= sent.at_ms)
        out += ", " + text::format_duration(*record.ended_ms - sent.at_ms, true) + " before its end";
    out += " (" + sent.by;
    if (sent.pid != 0)
        out += ", by process " + std::to_string(sent.pid) + " of user " + std::to_string(sent.uid);
    return out + ')';
}

std::string end_text(const sys::ExitStatus& status) {
    if (!status.known) return "ended with an unknown status";
    if (status.signal != 0) return "was ended by " + sys::signal_name(status.signal);
    return status.code == 0 ? "exited normally (0)" : "exited with status " + std::to_string(status.code);
}

}  // namespace sigmund::ops
