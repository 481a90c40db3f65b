// SPDX-License-Identifier: Apache-2.0
#include "ops/perform.hpp"

#include <cstdlib>

#include "ops/channel.hpp"
#include "ops/members.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Outcome;
using sys::Millis;

constexpr Millis guardian_patience = 10'000;  // ms, for what a guardian does at once

Millis grace_of(const run::Record& record, const Deed& deed) {
    return deed.grace.value_or(record.stop_timeout.value_or(5'000));
}

std::string request_line(const run::Record& record, const Deed& deed) {
    switch (deed.kind) {
        case Deed::Kind::signal:
            return "signal " + sys::signal_name(deed.signal) + ' ' +
                   std::string(text::word_of(run::reach_words, deed.reach));
        case Deed::Kind::pause:
            return "pause";
        case Deed::Kind::resume:
            return "resume";
        case Deed::Kind::restart:
            break;
    }
    return "restart " + std::to_string(grace_of(record, deed));
}

Millis patience_for(const run::Record& record, const Deed& deed) {
    return deed.kind == Deed::Kind::restart ? grace_of(record, deed) + 3 * guardian_patience
                                            : guardian_patience;
}

DeedOutcome perform_without_guardian(const run::View& view, const run::Record& record, const Deed& deed) {
    if (deed.kind == Deed::Kind::restart) return {Outcome::no_guardian, "its guardian is gone", Exit::usage};
    const int signal = deed.kind == Deed::Kind::pause    ? SIGSTOP
                       : deed.kind == Deed::Kind::resume ? SIGCONT
                                                         : deed.signal;
    const run::Reach reach = deed.kind == Deed::Kind::signal ? deed.reach : run::Reach::every;
    const MoreDescriptors more;
    Roster roster(record, view.census());
    if (signal_members(roster, record, signal, reach).denied)
        return {Outcome::denied, "not permitted to signal its processes", Exit::denied};
    DeedOutcome out{Outcome::done};
    if (reach != run::Reach::every || view.census().guardian_proven(record)) return out;
    out.suspects = find_suspects(record, view.census(), roster, view.store().owner());
    if (out.suspects.empty()) return out;
    out.why = suspects_text(out.suspects);
    out.exit = Exit::remaining;
    return out;
}

// What a guardian has answered.
struct Answer {
    int code = 0;
    std::string why;
    std::string ended;     // the run ended instead, with this result
    bool unheard = false;  // no process got the signal, as between two lives
    pid_t pid = 0;
};

Answer ask(int channel, const std::string& request, Millis deadline) {
    Answer out;
    out.code = converse(
        channel, request, deadline,
        [&](const std::string& line) {
            if (const auto reached = after(line, "reached")) out.unheard = std::atoi(reached->c_str()) == 0;
            if (const auto pid = after(line, "pid")) out.pid = std::atoi(pid->c_str());
            if (const auto result = after(line, "outcome")) out.ended = *result;
        },
        &out.why);
    return out;
}

std::string why_unheard(const run::Verdict& verdict) {
    const bool waits = verdict.state == run::State::backoff || verdict.state == run::State::watching;
    return waits ? "no process of it runs now; it waits to be started again"
                 : "none of its processes got the signal: they have ended, or belong to another user "
                   "(sudo, setuid)";
}

}  // namespace

DeedOutcome perform(const run::View& view, const run::Judged& run, const Deed& deed) {
    const auto& [record, verdict] = run;
    if (verdict.state == run::State::stale) return {Outcome::refused, verdict.why, Exit::refused};
    if (!verdict.live()) return {Outcome::not_running, "it has ended", Exit::usage};
    const sys::Fd channel = verdict.guardian_alive ? reach_guardian(view.store(), record.id) : sys::Fd();
    if (!channel && verdict.guardian_alive) {
        // It may have ended, and its guardian with it, between the judgement and this request.
        run::Judged now = run;
        view.look_again(now);
        if (!now.live()) return perform(view, now, deed);
    }
    if (!channel) return perform_without_guardian(view, record, deed);
    const Millis deadline = sys::monotonic_ms() + patience_for(record, deed);
    const Answer answer = ask(channel.get(), request_line(record, deed), deadline);
    if (answer.unheard) return {Outcome::failed, why_unheard(verdict), Exit::usage};
    if (answer.code == 0 && answer.ended.empty()) return {Outcome::done, "", Exit::done, answer.pid};
    const bool late = answer.code < 0 && sys::monotonic_ms() >= deadline;
    return {Outcome::failed,
            late && deed.kind == Deed::Kind::restart
                ? "its processes have not ended yet; it starts again when they have"
            : late               ? "its guardian does not answer"
            : answer.code < 0    ? "its guardian went away"
            : answer.why.empty() ? "it ended: " + answer.ended
                                 : answer.why,
            Exit::usage, answer.pid};
}

}  // namespace sigmund::ops
