// SPDX-License-Identifier: Apache-2.0
// The lives of a run that other lives followed.
#include "ops/explain_parts.hpp"
#include "ops/used_text.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::EndedBy;

std::string history_word(const EndedBy& by) {
    switch (by.kind()) {
        case EndedBy::none:
        case EndedBy::itself:
            return "";
        case EndedBy::watch:
            return "restarted because a watched file changed";
        case EndedBy::restart:
            return "restarted by `sigmund restart`";
        case EndedBy::restart_signal:
            return "restarted by the signal of --restart-on";
        case EndedBy::unhealthy:
            return "restarted because its health check failed";
        case EndedBy::unready:
            return "restarted because it was not ready in time";
        case EndedBy::answered_by_other:
            return "restarted because another process answered its readiness probe";
        case EndedBy::ready_fail:
            return "restarted because a line in its log means failure";
        default:
            return "ended by sigmund: " + by.str();
    }
}

}  // namespace

std::vector<std::string> history_of(const run::Record& record) {
    std::vector<std::string> out;
    for (const run::Life& life : record.lives) {
        const std::string word = history_word(life.ended_by);
        const std::string used = used_in_short(life);
        out.push_back(
            sys::local_time(life.restarted_ms) + "  " +
            (life.worker >= 0 ? "worker " + std::to_string(life.worker) + ": " : "") +
            (word.empty() ? "it " + life.result.sentence() : word + " (it " + life.result.sentence() + ')') +
            (used.empty() ? "" : "; it " + used));
    }
    return out;
}

}  // namespace sigmund::ops
