// SPDX-License-Identifier: Apache-2.0
#include "ops/explain.hpp"

#include <unistd.h>

#include <algorithm>

#include "ops/explain_parts.hpp"
#include "ops/last_lines.hpp"
#include "ops/members.hpp"
#include "ops/terminal_look.hpp"
#include "ops/used_text.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/option_words.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t lines_looked_at = 200;
constexpr std::size_t lines_shown = 5;

// Adds why a live run may be unable to end: some of its processes now belong to another user.
void add_foreign_processes(const run::Census& census, Explanation& out) {
    const std::vector<pid_t> foreign = not_permitted(census.members(out.run.record));
    if (foreign.empty()) return;
    Cause cause{100,
                "foreign",
                out.run.verdict.state == run::State::stopping
                    ? "it cannot end: some of its processes belong to another user (sudo, setuid)"
                    : "some of its processes belong to another user (sudo, setuid): only root can end them",
                {},
                sudo_kill(foreign)};
    for (const pid_t pid : foreign)
        cause.evidence.push_back("process " + std::to_string(pid) + ": " +
                                 text::quote(census.proc().command_line(pid)));
    out.causes.push_back(std::move(cause));
}

// Adds what it means for a live run that nobody guards it.
void add_lost_guardian(Explanation& out) {
    if (out.run.verdict.guardian_alive) return;
    const std::string target = short_label(out.run.record);
    out.causes.push_back({95,
                          "guardian-gone",
                          "its guardian (process " + std::to_string(out.run.record.guardian_pid) +
                              ") was killed, so its exit status will be unknown, and nothing restarts it",
                          {},
                          "sigmund stop " + target + " still stops all of it; sigmund again " + target +
                              " then starts it with a new guardian"});
}

// Adds why a live run with a terminal of its own does nothing.
void add_terminal(const run::View& view, Explanation& out) {
    const auto look = TerminalLooks(view.store()).of(out.run);
    if (!look || need_of(*look).empty()) return;
    const std::string target = run::handle(view, out.run.record);
    if (look->use == run::TerminalUse::stopped)
        out.causes.push_back({90,
                              "output-stopped",
                              "its output is stopped, since Ctrl-S was typed on its terminal",
                              {},
                              "sigmund send --key ctrl-q " + target});
    else
        out.causes.push_back({90,
                              "waits-for-input",
                              "it waits for input on its terminal, and nobody is attached",
                              {},
                              "sigmund attach " + target + ", or sigmund send " + target + " TEXT"});
}

// A guardian writes the result a moment after the end of its run. Only where it still has not, something keeps it from
// that, such as a full disk.
run::Judged settled(const run::View& view, run::Judged run) {
    constexpr int looks = 50;
    for (int look = 0; run.verdict.unwritten() && look < looks; ++look) {
        ::usleep(20'000);
        view.look_again(run);
    }
    return run;
}

}  // namespace

Explanation explain(const run::View& view, const run::Judged& judged) {
    Explanation out;
    out.run = settled(view, judged);
    const run::Judged& run = out.run;
    const run::Record& record = run.record;
    const run::Verdict& verdict = run.verdict;
    auto lines =
        last_lines(view.store(), record, record.split_log ? run::LogPart::errors : run::LogPart::whole, 0,
                   lines_looked_at);
    // What its guardian noted about its readiness is among the causes.
    std::erase_if(lines, [&](const std::string& line) {
        return line.empty() ||
               (!record.ready_detail.empty() && line.find(record.ready_detail) != std::string::npos);
    });
    const std::size_t from = lines.size() > lines_shown ? lines.size() - lines_shown : 0;
    out.last_lines.assign(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end());
    out.history = history_of(record);
    out.used = used_sentence(record);
    if (run.live() && verdict.state != run::State::backoff && verdict.state != run::State::watching) {
        add_lost_guardian(out);
        add_foreign_processes(view.census(), out);
        add_terminal(view, out);
        return out;
    }
    out.causes = causes_of_end(record, verdict, run::handle(view, record));
    if (failed_itself(record, verdict)) {
        int port = 0;
        auto found = causes_in_log(lines, port);
        add_port_owner(view, record, found, port != 0 ? port : port_in_arguments(record));
        out.causes.insert(out.causes.end(), found.begin(), found.end());
    }
    if (out.causes.empty())
        out.causes.push_back(
            {0, "unknown", "unknown: nothing was recorded, and its log does not tell", {}, ""});
    std::stable_sort(out.causes.begin(), out.causes.end(),
                     [](const Cause& a, const Cause& b) { return a.weight > b.weight; });
    if (verdict.state == run::State::backoff && record.next_start_ms)
        out.causes[0].evidence.push_back(
            "it starts again in " +
            text::format_duration(std::max<sys::Millis>(0, *record.next_start_ms - sys::realtime_ms()),
                                  false));
    if (verdict.state == run::State::watching)
        out.causes[0].evidence.emplace_back("it starts again when a file that --watch names changes");
    if (!record.from.name.empty())
        for (Cause& each : out.causes)
            for (std::string* text : {&each.what, &each.way_out}) *text = run::options_as_keys(*text);
    return out;
}

}  // namespace sigmund::ops
