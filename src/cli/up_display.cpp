// SPDX-License-Identifier: Apache-2.0
#include "cli/up_display.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/await_ready.hpp"
#include "cli/output.hpp"
#include "ops/ci.hpp"
#include "ops/exit_terminal.hpp"
#include "run/label.hpp"
#include "run/option_words.hpp"
#include "sys/clock.hpp"
#include "sys/terminal.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"
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

bool can_draw_in_place() {
    const char* term = std::getenv("TERM");
    return sys::is_terminal(STDERR_FILENO) && !ops::runner_name() && !std::getenv("CI") && term && *term &&
           std::string_view(term) != "dumb";
}

// After Ctrl-Z the shell has written below the lines, and the cursor is at another place.
volatile sig_atomic_t continued = 0;

void note_continued(int) {
    continued = 1;
}

}  // namespace

std::string why_failed(const ops::UpState& state) {
    if (!state.outcome) return run::options_as_keys(state.detail);
    if (!state.record.from.once) return why_not_ready(*state.outcome);
    return state.outcome->end.status.known ? "it " + run::Result::of(state.outcome->end.status).sentence()
                                           : "it has lost its guardian, so that its exit status is unknown";
}

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
            return "failed: " + why_failed(state) + (state.outcome ? id : "");
        case Phase::skipped:
            return "skipped: " + state.detail;
        case Phase::cancelled:
            if (state.detail == "stopped") return state.detail + id;
            return (state.started ? "not ready yet" + id
                                  : "not started" + (state.detail.empty() ? "" : ": " + state.detail));
    }
    return {};
}

std::string up_line(const std::string& name, const std::string& text, std::size_t widest,
                    std::size_t columns) {
    text::Page page;
    page.add(name + std::string(widest - std::min(widest, name.size()) + 2, ' ') + text);
    return text::truncate(page.text(), columns);
}

UpDisplay::UpDisplay(std::vector<std::string> names, std::size_t chosen, bool quiet)
    : names_(std::move(names)), texts_(names_.size()), chosen_(chosen), quiet_(quiet) {
    if (quiet_ || !can_draw_in_place()) return;
    screen_.emplace(STDERR_FILENO);
    struct sigaction action {};
    action.sa_handler = note_continued;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGCONT, &action, nullptr);
}

std::string UpDisplay::list(std::size_t columns) const {
    std::size_t widest = 0;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (!texts_[i].empty()) widest = std::max(widest, names_[i].size());
    std::string out;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (!texts_[i].empty()) out += up_line(names_[i], texts_[i], widest, columns) + '\n';
    return out;
}

// The window may have become too low meanwhile, or this process may be in the background, where the lines belong to
// the shell.
bool UpDisplay::may_draw() const {
    const auto lines = static_cast<std::size_t>(
        std::count_if(texts_.begin(), texts_.end(), [](const std::string& text) { return !text.empty(); }));
    return screen_ && std::max(lines, chosen_) < screen_->rows() && ops::in_foreground(STDERR_FILENO);
}

void UpDisplay::draw() {
    if (continued) drawn_ = false;
    continued = 0;
    const std::string lines = list(screen_->columns());
    if (std::exchange(drawn_, true))
        screen_->redraw(lines, "");
    else
        screen_->draw(lines, "");
}

void UpDisplay::show(std::size_t task, const ops::UpState& state) {
    texts_[task] = up_text(state);
    if (quiet_) return;
    if (may_draw()) return draw();
    drawn_ = false;
    if (state.phase != Phase::waiting) say(names_[task] + ": " + texts_[task]);
}

void UpDisplay::tell(const std::string& message) const {
    if (!quiet_) say(message);
}

void UpDisplay::end() {
    screen_.reset();
}

}  // namespace sigmund::cli
