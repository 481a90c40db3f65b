// SPDX-License-Identifier: Apache-2.0
// Why sigmund ended a run: at the request of a user or program, or because of an option of the run.
#include <signal.h>

#include "ops/end_facts.hpp"
#include "ops/explain_cause.hpp"
#include "run/spec.hpp"
#include "text/duration.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

using run::EndedBy;

std::string duration(sys::Millis ms) {
    return text::format_duration(ms, true);
}

// Adds the last of these requests to the evidence of a cause.
void add_call(const run::Record& record, std::initializer_list<std::string_view> verbs, Cause& cause) {
    if (const run::Call* call = last_call(record, verbs)) cause.evidence.push_back(told(*call));
}

// Returns `ended` when sigmund ended a life that another one was to follow, and `stopped` when the run is
// over.
std::string stopped_or_ended(const run::Record& record, const char* stopped, const char* ended) {
    return run::is_final(record.state) ? stopped : ended;
}

// Fills in the causes that are requests of a user or program, which the record keeps.
void by_request(const run::Record& record, const EndedBy& by, Cause& out) {
    out.code = "stopped";
    switch (by.kind()) {
        case EndedBy::stop:
            out.what = "it was ended by `sigmund stop`";
            return add_call(record, {"stop"}, out);
        case EndedBy::replace:
            out.what = "it was stopped because another run was started under its name (--replace)";
            return add_call(record, {"stop"}, out);
        case EndedBy::shell_exit:
            out.what = "it was stopped because the shell that it belonged to exited";
            return add_call(record, {"stop"}, out);
        case EndedBy::kill:
            out.what = "it was ended by `sigmund kill`";
            return add_call(record, {"kill"}, out);
        case EndedBy::guardian_signal:
            out.what = "its guardian got a signal that told it to stop the run";
            return add_call(record, {"signal SIGTERM to the guardian", "signal SIGQUIT to the guardian"},
                            out);
        default:  // a value that a newer sigmund has recorded
            out.weight = 80;
            out.what = "sigmund ended it: " + by.str();
    }
}

void by_readiness(const run::Record& record, const run::Spec& spec, const EndedBy& by, Cause& out) {
    if (leader_first(record, by)) {
        out.what = "it ended before it was ready";
        out.way_out = record.status.signal == 0 && record.status.code == 0
                          ? "a server that puts itself into the background cannot be watched: "
                            "see its options for running in the foreground"
                          : "its log may say why: sigmund logs " + record.id;
        return;
    }
    out.what = "it was not ready in time (" + duration(spec.ready_timeout) + "), and was " +
               stopped_or_ended(record, "stopped", "ended, to be restarted");
    if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
    out.way_out = "--ready-timeout gives it more time; --ready chooses another check";
}

void by_limit(const run::Record& record, Cause& out) {
    std::string results;
    for (const run::Result& each : record.results) results += (results.empty() ? "" : ", ") + each.sentence();
    out.weight = 90;
    out.what = "it ended too often, and was not restarted any more (--max-restarts)";
    out.evidence.push_back(
        std::to_string(record.restarts) + " restarts; " +
        (results.empty() ? "how the command ended is not known" : "the command " + results));
}

void by_timeout(const run::Spec& spec, Cause& out) {
    out.what = "it timed out (--timeout" + (spec.timeout >= 0 ? ' ' + duration(spec.timeout) : "") + ')';
    out.way_out = "give it a longer --timeout, or none";
}

void by_lease(const run::Spec& spec, Cause& out) {
    out.code = "stopped";
    out.what = "it was ended because a condition of --while no longer held";
    for (const std::string& lease : spec.leases) out.evidence.push_back("--while " + lease);
}

void by_other_answer(const run::Record& record, Cause& out) {
    out.what = "another process answered its readiness probe, and it was stopped";
    if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
    out.way_out = "choose another port, or see --ready-shared";
}

void by_ready_fail(const run::Record& record, const run::Spec& spec, Cause& out) {
    out.what = "a line in its log means failure, and it was " +
               stopped_or_ended(record, "stopped", "ended, to be restarted");
    if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
    for (const std::string& line : spec.ready_fail)
        out.evidence.push_back("--ready-fail " + text::quote(line));
    out.way_out = "the lines before it in the log may say more";
}

void by_health(const run::Record& record, const run::Spec& spec, Cause& out) {
    out.what = "its health check failed too often, and sigmund " +
               stopped_or_ended(record, "stopped it", "ended it, to restart it");
    if (!spec.health.command.empty()) out.evidence.push_back("--health " + text::quote(spec.health.command));
    out.way_out = "run the check yourself; each failure is in the log";
}

void by_launch(const run::Record& record, Cause& out) {
    out.what = "it could not be started again" +
               (record.result == run::Result::launch ? ": " + record.result.detail() : "");
    out.way_out = "check that the command still exists";
}

// Says which event made sigmund start the command again.
void by_restart(const run::Record& record, const EndedBy& by, Cause& out) {
    switch (by.kind()) {
        case EndedBy::watch:
            out.what = "a watched file changed, and sigmund restarted it";
            return;
        case EndedBy::restart:
            out.what = "it was restarted by `sigmund restart`";
            return add_call(record, {"restart"}, out);
        default:
            out.what = "its guardian got the signal of --restart-on, and restarted it";
    }
}

}  // namespace

Cause cause_by_sigmund(const run::Record& record, const EndedBy& by) {
    const run::Spec spec = run::read_spec(record);
    Cause out{100, by.str(), "", {}, ""};
    switch (by.kind()) {
        case EndedBy::timeout:
            by_timeout(spec, out);
            break;
        case EndedBy::lease:
            by_lease(spec, out);
            break;
        case EndedBy::unready:
            by_readiness(record, spec, by, out);
            break;
        case EndedBy::answered_by_other:
            by_other_answer(record, out);
            break;
        case EndedBy::ready_fail:
            by_ready_fail(record, spec, out);
            break;
        case EndedBy::unhealthy:
            by_health(record, spec, out);
            break;
        case EndedBy::restart_limit:
            by_limit(record, out);
            break;
        case EndedBy::launch:
            by_launch(record, out);
            break;
        case EndedBy::watch:
        case EndedBy::restart:
        case EndedBy::restart_signal:
            by_restart(record, by, out);
            break;
        default:
            by_request(record, by, out);
    }
    return out;
}

void add_leader(const run::Record& record, const EndedBy& by, Cause& cause) {
    const sys::ExitStatus& status = record.status;
    if (leader_first(record, by)) {
        if (status.known) cause.evidence.push_back("its command had already ended: it " + end_text(status));
        return;
    }
    if (!status.known || by == EndedBy::kill) return;
    const int signal = record.stop_signal != 0 ? record.stop_signal : SIGTERM;
    if (status.signal == SIGKILL && signal != SIGKILL) {
        const run::Call* kill = last_call(record, {"kill", "signal SIGQUIT to the guardian"});
        if (kill && by != EndedBy::guardian_signal)
            cause.evidence.push_back("it was then killed: " + told(*kill));
        else
            cause.evidence.push_back(
                "it did not end in time after the stop signal, and was killed (SIGKILL)");
    } else {
        cause.evidence.push_back("it got the stop signal from sigmund, and it " + end_text(status));
    }
}

}  // namespace sigmund::ops
