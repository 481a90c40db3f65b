// SPDX-License-Identifier: Apache-2.0
#include "run/sent_signal.hpp"

#include <algorithm>

#include "run/record.hpp"
#include "sys/signals.hpp"

namespace sigmund::run {
namespace {

// Returns whether a request with this verb can have led to a signal that is part of `by`.
bool leads_to(const std::string& verb, int signal, const std::string& by) {
    const bool to_guardian = verb.ends_with(" to the guardian");
    if (by == "signal") return verb == "signal " + sys::signal_name(signal);
    if (by == "guardian-signal" || by == "restart-signal") return to_guardian;
    if (by == "replace" || by == "shell-exit") return verb == "stop";
    return verb == by;
}

}  // namespace

SentSignal send_now(const Record& record, int signal, std::string by) {
    SentSignal out{signal, sys::realtime_ms(), std::move(by), 0, 0};
    const auto call = std::find_if(record.calls.rbegin(), record.calls.rend(),
                                   [&](const Call& each) { return leads_to(each.verb, signal, out.by); });
    if (call == record.calls.rend()) return out;
    out.pid = call->pid;
    out.uid = call->uid;
    return out;
}

}  // namespace sigmund::run
