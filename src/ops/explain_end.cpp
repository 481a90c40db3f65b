// SPDX-License-Identifier: Apache-2.0
// What the record tells about the end of a run. The guardian has recorded what ended it; an exit status alone
// does not tell, since a command may exit with 0 because it was asked to.
#include <signal.h>

#include <algorithm>

#include "ops/explain_kill.hpp"
#include "ops/explain_parts.hpp"
#include "run/input_end.hpp"
#include "run/spec.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

using run::EndedBy;

std::string signal_meaning(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "segmentation fault (invalid memory access)";
        case SIGABRT:
            return "it aborted (a failed assertion, an uncaught exception)";
        case SIGBUS:
            return "bus error (a mapped file became shorter, or a disk is full)";
        case SIGILL:
            return "illegal instruction";
        case SIGFPE:
            return "arithmetic error, such as a division by zero";
        case SIGSYS:
            return "a system call that is not allowed";
        case SIGPIPE:
            return "it wrote to a pipe or socket that no process reads any more";
        case SIGALRM:
            return "a timer that it had set itself (alarm) ran out, or a user or program sent the signal";
        case SIGXCPU:
            return "its limit of CPU time was reached (--rlimit cpu, ulimit -t)";
        case SIGXFSZ:
            return "its limit of file size was reached (--rlimit fsize, ulimit -f)";
        case SIGHUP:
            return "a user or program sent the signal (hang-up)";
        default:
            return "a user or program sent the signal";
    }
}

std::string told(const run::Call& call) {
    return call.verb + " at " + sys::rfc3339(call.at_ms) + " by process " + std::to_string(call.pid) +
           " of user " + std::to_string(call.uid) + (call.command.empty() ? "" : ": " + call.command);
}

std::string duration(sys::Millis ms) {
    return text::format_duration(ms, true);
}

// Returns the last `sigmund signal` that sent the signal which ended the run, if it was sent shortly before
// the end.
const run::Call* sender_of(const run::Record& record, int signal) {
    constexpr sys::Millis shortly = 5000;
    const sys::Millis end = record.ended_ms.value_or(sys::realtime_ms());
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call)
        if (call->verb == "signal " + sys::signal_name(signal) && end - call->at_ms <= shortly) return &*call;
    return nullptr;
}

// Returns the last request of one of these kinds.
const run::Call* last_call(const run::Record& record, std::initializer_list<std::string_view> verbs) {
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call)
        for (const std::string_view verb : verbs)
            if (call->verb == verb) return &*call;
    return nullptr;
}

// Returns what ended the run. An older record does not say it; then it is derived from the result.
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

// Returns whether the leader ended before sigmund sent it anything. An older record does not say it; then a
// leader that was ended by a signal that sigmund sends counts as told to end.
bool leader_first(const run::Record& record, const EndedBy& cause) {
    if (record.leader_first) return *record.leader_first;
    if (cause == EndedBy::itself || cause == EndedBy::restart_limit || cause == EndedBy::launch) return true;
    const int stop = record.stop_signal != 0 ? record.stop_signal : SIGTERM;
    return cause == EndedBy::unready && record.status.known && record.status.signal != stop &&
           record.status.signal != SIGKILL;
}

// "exited normally (0)", "exited with status 3", "was ended by SIGSEGV"
std::string end_text(const sys::ExitStatus& status) {
    if (!status.known) return "ended with an unknown status";
    if (status.signal != 0) return "was ended by " + sys::signal_name(status.signal);
    return status.code == 0 ? "exited normally (0)" : "exited with status " + std::to_string(status.code);
}

// Adds how the leader ended after sigmund had told it to.
void add_leader(const run::Record& record, const EndedBy& cause, Cause& out) {
    const sys::ExitStatus& status = record.status;
    if (leader_first(record, cause)) {
        if (status.known) out.evidence.push_back("its command had already ended: it " + end_text(status));
        return;
    }
    if (!status.known || cause == EndedBy::kill) return;
    const int signal = record.stop_signal != 0 ? record.stop_signal : SIGTERM;
    if (status.signal == SIGKILL && signal != SIGKILL) {
        const run::Call* kill = last_call(record, {"kill", "signal SIGQUIT to the guardian"});
        if (kill && cause != EndedBy::guardian_signal)
            out.evidence.push_back("it was then killed: " + told(*kill));
        else
            out.evidence.push_back("it did not end in time after the stop signal, and was killed (SIGKILL)");
    } else {
        out.evidence.push_back("it got the stop signal from sigmund, and it " + end_text(status));
    }
}

// Adds which stages of a pipe failed.
void add_failed_stages(const run::Record& record, Cause& cause) {
    for (std::size_t i = 0; i < record.stages.size(); ++i) {
        const run::Part& stage = record.stages[i];
        if (stage.status.known && !stage.status.success())
            cause.evidence.push_back("stage " + std::to_string(i + 1) + " (" + text::quote(stage.argv) +
                                     "): " + run::Result::of(stage.status).str());
    }
}

// Returns the causes when the command ended without being told to by sigmund.
std::vector<Cause> by_itself(const run::Record& record) {
    if (!record.status.known) return {};
    const int code = record.status.code, signal = record.status.signal;
    if (signal != 0) {
        const run::Call* sender = sender_of(record, signal);
        if (signal == SIGKILL && !sender) {
            std::vector<Cause> out = causes_of_kill(record);
            add_failed_stages(record, out.back());
            return out;
        }
        Cause cause{
            sender ? 95 : 70,
            "signal",
            sys::signal_name(signal) + ": " + (sender ? "sent by `sigmund signal`" : signal_meaning(signal)),
            {},
            ""};
        if (sender) cause.evidence.push_back(told(*sender));
        add_failed_stages(record, cause);
        if (record.status.core)
            cause.evidence.push_back("it dumped core (see coredumpctl, or its folder " + record.cwd + ')');
        return {cause};
    }
    if (code == 0)
        return {{90,
                 "exit",
                 "it exited normally (0)",
                 {},
                 run::may_have_ended_with_its_input(record)
                     ? "many watchers end when their input ends, and it had none: --stdin open keeps one open"
                     : ""}};
    Cause cause{50, "exit", "it exited with status " + std::to_string(code), {}, ""};
    add_failed_stages(record, cause);
    if (code == 127) cause.evidence.push_back("a shell exits with 127 when a command is not found");
    if (code == 126)
        cause.evidence.push_back("a shell exits with 126 when a command is found, but not executable");
    if (code > 128 && code < 193)
        cause.evidence.push_back("a shell exits with " + std::to_string(code) +
                                 " when a command in it was ended by " + sys::signal_name(code - 128));
    return {cause};
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
                          : "see --ready and --ready-timeout";
        return;
    }
    out.what = "it was not ready in time (" + duration(spec.ready_timeout) + "), and was " +
               stopped_or_ended(record, "stopped", "ended, to be restarted");
    if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
    out.way_out = "see --ready and --ready-timeout";
}

void by_limit(const run::Record& record, Cause& out) {
    std::string results;
    for (const run::Result& each : record.results) results += (results.empty() ? "" : ", ") + each.str();
    out.weight = 90;
    out.what = "it ended too often, and was not restarted any more (--max-restarts)";
    out.evidence.push_back(std::to_string(record.restarts) + " restarts, after " +
                           (results.empty() ? "unknown ends" : results));
}

// Returns why sigmund ended the run, or its last life.
Cause by_sigmund(const run::Record& record, const EndedBy& by) {
    const run::Spec spec = run::read_spec(record);
    Cause out{100, by.str(), "", {}, ""};
    switch (by.kind()) {
        case EndedBy::timeout:
            out.what =
                "its --timeout ran out" + (spec.timeout >= 0 ? " (" + duration(spec.timeout) + ')' : "");
            out.way_out = "give it a longer --timeout, or none";
            break;
        case EndedBy::lease:
            out.code = "stopped";
            out.what = "it was ended because a condition of --while no longer held";
            for (const std::string& lease : spec.leases) out.evidence.push_back("--while " + lease);
            break;
        case EndedBy::unready:
            by_readiness(record, spec, by, out);
            break;
        case EndedBy::answered_by_other:
            out.what = "another process answered its readiness probe, and it was stopped";
            if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
            out.way_out = "choose another port, or see --ready-shared";
            break;
        case EndedBy::ready_fail:
            out.what = "a line in its log means failure, and it was " +
                       stopped_or_ended(record, "stopped", "ended, to be restarted");
            if (!record.ready_detail.empty()) out.evidence.push_back(record.ready_detail);
            for (const std::string& line : spec.ready_fail)
                out.evidence.push_back("--ready-fail " + text::quote(line));
            out.way_out = "the lines before it in the log may say more";
            break;
        case EndedBy::unhealthy:
            out.what = "its health check failed too often, and sigmund " +
                       stopped_or_ended(record, "stopped it", "ended it, to restart it");
            if (!spec.health.command.empty())
                out.evidence.push_back("--health " + text::quote(spec.health.command));
            out.way_out = "run the check yourself; each failure is in the log";
            break;
        case EndedBy::restart_limit:
            by_limit(record, out);
            break;
        case EndedBy::launch:
            out.what = "it could not be started again" +
                       (record.result == run::Result::launch ? ": " + record.result.detail() : "");
            out.way_out = "check that the command still exists";
            break;
        case EndedBy::watch:
            out.what = "a watched file changed, and sigmund restarted it";
            break;
        case EndedBy::restart:
            out.what = "it was restarted by `sigmund restart`";
            add_call(record, {"restart"}, out);
            break;
        case EndedBy::restart_signal:
            out.what = "its guardian got the signal of --restart-on, and restarted it";
            break;
        default:
            by_request(record, by, out);
    }
    return out;
}

}  // namespace

std::vector<Cause> causes_of_end(const run::Record& record, const run::Verdict& verdict) {
    if (verdict.state == run::State::stale)
        return {{100,
                 "stale",
                 verdict.why,
                 {},
                 verdict.guardian_alive ? "its guardian is alive: stop it from where it was started"
                                        : "sigmund prune " + record.id}};
    if (verdict.state == run::State::lost) {
        std::vector<Cause> out{{60,
                                "lost",
                                "its guardian was killed, and its processes are gone",
                                {"no result was recorded"},
                                ""}};
        const run::Spec spec = run::read_spec(record);
        if (spec.log_max_size > 0 || (spec.pool > 0 && !spec.split_log))
            out.back().evidence.push_back(
                "its output went through a pipe: once both the guardian and the process that copies its log "
                "are gone, writing to it raises SIGPIPE");
        for (Cause& cause : causes_of_loss(record)) out.push_back(std::move(cause));
        return out;
    }
    const bool launch_failed = verdict.state == run::State::backoff && !record.results.empty() &&
                               record.results.back() == run::Result::launch;
    if (launch_failed)
        return {{100,
                 "launch",
                 "it cannot be started again: " + record.results.back().detail() +
                     "; sigmund tries again after a pause",
                 {"the reason is in its log"},
                 "check that the command and its folder exist: sigmund dump " + record.id}};
    std::vector<Cause> out;
    if (verdict.result == run::Result::pending)
        out.push_back({90,
                       "pending",
                       "it has ended, and its result cannot be written",
                       {},
                       "check whether the disk is full"});
    const EndedBy cause = ended_by(record, verdict.result);
    if (verdict.result == run::Result::skipped) {
        out.push_back({100, "skipped", "it was not started", {}, ""});
        return out;
    }
    if (cause != EndedBy::itself) {
        out.push_back(by_sigmund(record, cause));
        // When the command failed by itself, that is added below as a cause of its own.
        if (!failed_itself(record, verdict)) {
            add_leader(record, cause, out.back());
            return out;
        }
    }
    for (Cause& each : by_itself(record)) out.push_back(std::move(each));
    return out;
}

bool failed_itself(const run::Record& record, const run::Verdict& verdict) {
    if (verdict.state == run::State::stale) return false;
    if (!record.status.known || record.status.success()) return verdict.state == run::State::lost;
    const EndedBy cause = ended_by(record, verdict.result);
    if (cause == EndedBy::stop || cause == EndedBy::kill || cause == EndedBy::replace ||
        cause == EndedBy::shell_exit || cause == EndedBy::lease || cause == EndedBy::guardian_signal)
        return record.leader_first.value_or(false) && !record.ended_by.empty();
    return leader_first(record, cause);
}

}  // namespace sigmund::ops
