// SPDX-License-Identifier: Apache-2.0
// What the record tells about the end of a run. The guardian has recorded what ended it; an exit status alone
// does not tell, since a command may exit with 0 because it was asked to.
#include "ops/end_facts.hpp"
#include "ops/explain_cause.hpp"
#include "ops/explain_kill.hpp"
#include "ops/explain_parts.hpp"
#include "run/spec.hpp"

namespace sigmund::ops {
namespace {

using run::EndedBy;

Cause stale(const run::Verdict& verdict, const std::string& word) {
    return {100,
            "stale",
            verdict.why,
            {},
            verdict.guardian_alive ? "its guardian is alive: stop it from where it was started"
                                   : "sigmund prune " + word};
}

std::vector<Cause> lost(const run::Record& record) {
    std::vector<Cause> out{
        {60, "lost", "its guardian was killed, and its processes are gone", {"no result was recorded"}, ""}};
    const run::Spec spec = run::read_spec(record);
    if (spec.log_max_size > 0 || spec.log_times || (spec.pool > 0 && !spec.split_log))
        out.back().evidence.push_back(
            "its output went through a pipe: once both the guardian and the process that copies its log "
            "are gone, writing to it raises SIGPIPE");
    for (Cause& cause : causes_of_loss(record)) out.push_back(std::move(cause));
    return out;
}

// Returns whether the last attempt to start the next life failed, and another one follows after a pause.
bool cannot_restart(const run::Record& record, const run::Verdict& verdict) {
    return verdict.state == run::State::backoff && !record.results.empty() &&
           record.results.back() == run::Result::launch;
}

Cause not_restarted(const run::Record& record, const std::string& word) {
    return {100,
            "launch",
            "it cannot be started again: " + record.results.back().detail() +
                "; sigmund tries again after a pause",
            {"the reason is in its log"},
            "check that the command and its folder exist: sigmund logs " + word};
}

}  // namespace

std::vector<Cause> causes_of_end(const run::Record& record, const run::Verdict& verdict,
                                 const std::string& word) {
    if (verdict.state == run::State::stale) return {stale(verdict, word)};
    if (verdict.state == run::State::lost) return lost(record);
    if (cannot_restart(record, verdict)) return {not_restarted(record, word)};
    std::vector<Cause> out;
    if (verdict.result == run::Result::pending)
        out.push_back({90,
                       "pending",
                       "it has ended, and its result cannot be written",
                       {},
                       "check whether the disk is full"});
    if (verdict.result == run::Result::skipped) {
        out.push_back({100, "skipped", "it was not started", {}, ""});
        return out;
    }
    const EndedBy by = ended_by(record, verdict.result);
    if (by != EndedBy::itself) {
        out.push_back(cause_by_sigmund(record, by));
        // When the command failed by itself, that is added below as a cause of its own.
        if (!failed_itself(record, verdict)) {
            add_leader(record, by, out.back());
            return out;
        }
    }
    for (Cause& each : causes_by_itself(record)) out.push_back(std::move(each));
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
