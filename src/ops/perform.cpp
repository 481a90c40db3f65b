// SPDX-License-Identifier: Apache-2.0
#include "ops/perform.hpp"

#include <optional>
#include <string>

#include "ops/channel.hpp"
#include "ops/members.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Outcome;
using sys::Millis;

constexpr Millis guardian_patience = 10'000;  // ms, for requests that a guardian carries out at once

Millis grace_of(const run::Record& record, const Deed& deed) {
    return deed.grace.value_or(record.stop_timeout.value_or(run::usual_grace));
}

Request request_for(const run::Record& record, const Deed& deed) {
    switch (deed.kind) {
        case Deed::Kind::signal:
            return {.kind = Request::Kind::signal, .signal = deed.signal, .reach = deed.reach};
        case Deed::Kind::pause:
            return {.kind = Request::Kind::pause};
        case Deed::Kind::resume:
            return {.kind = Request::Kind::resume};
        case Deed::Kind::restart:
            break;
    }
    return {.kind = Request::Kind::restart, .grace = grace_of(record, deed)};
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
    const SignalReport report = signal_members(roster, record, signal, reach);
    if (report.impossible)
        return {Outcome::refused, "its guardian is gone, and " + why_not_signalled(), Exit::refused};
    if (report.denied) return {Outcome::denied, "not permitted to signal its processes", Exit::denied};
    DeedOutcome out{Outcome::done};
    if (reach != run::Reach::every || view.census().guardian_proven(record)) return out;
    out.suspects = find_suspects(record, view.census(), roster, view.store().owner());
    if (out.suspects.empty()) return out;
    out.why = suspects_text(out.suspects);
    out.exit = Exit::remaining;
    return out;
}

// The answer of a guardian.
struct Reply {
    std::optional<Answer> done;  // empty: the guardian went away, or time ran out
    std::string ended;           // the run has ended instead, with this outcome
    bool unheard = false;        // no process got the signal, for example between two lives
    pid_t pid = 0;
};

Reply ask(int channel, const Request& request, Millis deadline) {
    Reply out;
    out.done = converse(channel, request, deadline, [&](const Answer& answer) {
        if (answer.kind == Answer::Kind::reached) out.unheard = answer.number == 0;
        if (answer.kind == Answer::Kind::pid) out.pid = static_cast<pid_t>(answer.number);
        if (answer.kind == Answer::Kind::outcome) out.ended = answer.text;
    });
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
        // The run and its guardian may have ended since the run was judged.
        run::Judged now = run;
        view.look_again(now);
        if (!now.live()) return perform(view, now, deed);
    }
    if (!channel) return perform_without_guardian(view, record, deed);
    const Millis deadline = sys::monotonic_ms() + patience_for(record, deed);
    const Reply reply = ask(channel.get(), request_for(record, deed), deadline);
    if (reply.unheard) return {Outcome::failed, why_unheard(verdict), Exit::usage};
    if (reply.done && reply.done->ok() && reply.ended.empty())
        return {Outcome::done, "", Exit::done, reply.pid};
    const bool late = !reply.done && sys::monotonic_ms() >= deadline;
    return {Outcome::failed,
            late && deed.kind == Deed::Kind::restart
                ? "its processes have not ended yet; it will be restarted once they have"
            : late                     ? "its guardian does not answer"
            : !reply.done              ? "its guardian went away"
            : reply.done->text.empty() ? "it ended: " + reply.ended
                                       : reply.done->text,
            Exit::usage, reply.pid};
}

}  // namespace sigmund::ops
