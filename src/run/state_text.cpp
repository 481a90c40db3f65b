// SPDX-License-Identifier: Apache-2.0
#include "run/state_text.hpp"

#include <algorithm>

#include "text/duration.hpp"

namespace sigmund::run {

std::string state_text(const Judged& run) {
    const std::string state(state_name(run.verdict.state));
    const Result& result = run.verdict.result;
    if (run.verdict.state == State::exited) {
        if (result == Result::exit) return "exited " + result.detail();
        if (result == Result::signal) return "killed " + result.detail();
        if (!result.empty()) return result.str();
    }
    if (run.verdict.state == State::failed && !result.empty()) return "failed " + result.str();
    std::string more;
    if (run.record.workers_wanted > 0 && run.verdict.live())
        more =
            ' ' + std::to_string(run.record.workers_alive) + '/' + std::to_string(run.record.workers_wanted);
    if (run.verdict.state == State::backoff && run.record.next_start_ms)
        more += " " + text::format_duration(
                          std::max<sys::Millis>(0, *run.record.next_start_ms - sys::realtime_ms()), true);
    if (run.verdict.state == State::running && run.record.health == "unhealthy") more += " unhealthy";
    return state + more;
}

char mood_of(const Judged& run) {
    if (run.verdict.live()) {
        const bool well = run.verdict.state == State::running && run.record.health != "unhealthy" &&
                          run.record.workers_alive >= run.record.workers_wanted;
        return well ? 'g' : 'y';
    }
    const Result& result = run.verdict.result;
    return run.verdict.state == State::exited &&
                   (result.empty() || result.succeeded() || result == Result::stopped)
               ? 'd'
               : 'r';
}

}  // namespace sigmund::run
