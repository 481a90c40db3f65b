// SPDX-License-Identifier: Apache-2.0
#include "cli/up_display.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/await_ready.hpp"
#include "cli/output.hpp"
#include "ops/ci.hpp"
#include "run/label.hpp"
#include "sys/clock.hpp"
#include "sys/terminal.hpp"
#include "text/duration.hpp"
#include "text/page.hpp"

namespace sigmund::cli {
namespace {

using ops::Phase;

std::string duration(sys::Millis ms) {
    return text::format_duration(ms, true);
}

std::string done_before(const run::Record& record) {
    const sys::Millis ended = record.ended_ms.value_or(record.started_ms);
    return "done (" + text::format_duration(std::max<sys::Millis>(0, sys::realtime_ms() - ended), false) +
           " ago)";
}

// Returns the sentence without the name of the run, which the line begins with, and without the word that the line has
// before it.
std::string why_not_ready(const ops::WaitOutcome& outcome) {
    std::string text = not_ready_text(outcome);
    for (const std::string& known : {label(outcome.record) + ' ', std::string("failed: ")})
        if (text.starts_with(known)) text.erase(0, known.size());
    return text;
}

bool draws_in_place(std::size_t lines) {
    const char* term = std::getenv("TERM");
    return sys::is_terminal(STDERR_FILENO) && !ops::runner_name() && !std::getenv("CI") && term && *term &&
           std::string_view(term) != "dumb" && lines + 2 < ops::ExitScreen(STDERR_FILENO).rows();
}

}  // namespace

std::string up_text(const ops::UpState& state) {
    const std::string id = state.record.id.empty() ? "" : " (" + state.record.id + ')';
    switch (state.phase) {
        case Phase::unused:
            return {};
        case Phase::waiting:
            return state.detail.empty() ? "waiting" : "waiting for " + state.detail;
        case Phase::starting:
            return (state.record.from.once ? "runs"
                    : state.started        ? "starting"
                                           : "waiting until it is ready") +
                   id;
        case Phase::ready:
            return (state.record.ready ? "ready in " + duration(state.took) : "started") + id;
        case Phase::running:
            return "running" + id + (state.record.from.name.empty() ? ", but not from its template" : "");
        case Phase::done:
            return "done" + (state.started ? " in " + duration(state.took) : std::string()) + id;
        case Phase::done_before:
            return done_before(state.record);
        case Phase::failed:
            if (state.outcome && state.record.from.once)
                return "failed: " +
                       (state.outcome->end.status.known
                            ? run::Result::of(state.outcome->end.status).str()
                            : "it has lost its guardian, so that its exit status is unknown") +
                       id;
            return "failed: " + (state.outcome ? why_not_ready(*state.outcome) + id : state.detail);
        case Phase::skipped:
            return "skipped: " + state.detail;
        case Phase::cancelled:
            if (state.detail == "stopped") return state.detail + id;
            return (state.started ? "not ready yet" + id
                                  : "not started" + (state.detail.empty() ? "" : ": " + state.detail));
    }
    return {};
}

UpDisplay::UpDisplay(std::vector<std::string> names, bool quiet)
    : names_(std::move(names)), texts_(names_.size()), quiet_(quiet) {
    if (!quiet_ && draws_in_place(names_.size())) screen_.emplace(STDERR_FILENO);
}

std::string UpDisplay::list() const {
    std::size_t widest = 0;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (!texts_[i].empty()) widest = std::max(widest, names_[i].size());
    text::Page page;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (!texts_[i].empty())
            page.line(names_[i] + std::string(widest - names_[i].size() + 2, ' ') + texts_[i]);
    return page.text();
}

void UpDisplay::show(std::size_t task, const ops::UpState& state) {
    texts_[task] = up_text(state);
    if (quiet_) return;
    if (screen_) {
        if (std::exchange(drawn_, true))
            screen_->redraw(list(), "");
        else
            screen_->draw(list(), "");
    } else if (state.phase != Phase::waiting) {
        say(names_[task] + ": " + texts_[task]);
    }
}

void UpDisplay::tell(const std::string& message) const {
    if (!quiet_) say(message);
}

void UpDisplay::end() {
    screen_.reset();
}

}  // namespace sigmund::cli
