// SPDX-License-Identifier: Apache-2.0
#include "cli/await_ready.hpp"

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/last_lines.hpp"
#include "ops/shell_runs.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/option_words.hpp"
#include "text/page.hpp"

namespace sigmund::cli {
using run::Exit;

bool tell_last_lines(const run::Store& store, const run::Record& record, const std::string& title,
                     std::size_t most, const std::string& told) {
    text::Page page;
    const auto add = [&](run::LogPart part, int number, const std::string& before) {
        for (const std::string& line : ops::last_lines(store, record, part, number, most))
            if (told.empty() || line.find(told) == std::string::npos) page.line(before + line);
    };
    add(run::LogPart::whole, 0, "");
    if (record.split_log) add(run::LogPart::errors, 0, "");
    if (record.split_log)
        for (int worker = 0; worker < record.workers_wanted; ++worker)
            add(run::LogPart::worker, worker, std::to_string(worker) + " | ");
    if (page.empty()) return false;
    if (!title.empty()) say(title);
    show(page);
    return true;
}

namespace {

std::string detail_of(const run::Record& record) {
    if (record.ready_detail.empty()) return "";
    return ": " +
           (record.from.name.empty() ? record.ready_detail : run::options_as_keys(record.ready_detail));
}

}  // namespace

std::string not_ready_text(const ops::WaitOutcome& outcome) {
    const std::string name = label(outcome.record);
    const std::string detail = detail_of(outcome.record);
    if (!outcome.end.over) return name + " is not ready yet: the wait has timed out" + detail;
    if (outcome.end.late) return name + " was not ready in time, and was stopped" + detail;
    if (outcome.end.foreign) return name + " was stopped before it was ready" + detail;
    if (outcome.end.told) return name + " failed" + detail;
    const run::Record& r = outcome.record;
    if (r.ready && *r.ready)
        return name + " was ready, and then " + run::Result::of(outcome.end.status).sentence();
    return name + ' ' + run::Result::of(outcome.end.status).sentence() + " before it was ready";
}

int await_ready(const run::View& view, const run::Record& record, bool json,
                std::optional<sys::Millis> limit) {
    auto outcome = ops::wait(view, {view.judge(record)}, {.until = run::Until::ready, .timeout = limit})[0];
    if (outcome.end.ready) {
        const std::string& note = outcome.record.ready_detail;
        if (!note.empty() && !json) say(label(record) + " is ready: " + note);
        return 0;
    }
    if (outcome.end.over) {
        const auto gone =
            ops::wait(view, {view.judge(record)}, {.until = run::Until::gone, .timeout = {}})[0];
        outcome.record = gone.record;
        outcome.end.status = gone.end.status;
        ops::forget_notice(view.store(), record);
    }
    const bool late = outcome.end.late || !outcome.end.over;
    // The guardian has noted in the log what is said next.
    if (!json) tell_last_lines(view.store(), outcome.record, "", 20, outcome.record.ready_detail);
    const int exit = outcome.end.over ? outcome.exit() : static_cast<int>(Exit::timed_out);
    std::string hint = outcome.end.foreign ? "--ready-shared accepts an answer from any process"
                                           : "sigmund explain " + run::handle(view, record);
    if (!record.from.name.empty()) hint = run::options_as_keys(hint);
    tell_failure({late ? Exit::timed_out : Exit::usage,
                  late                                      ? "timed_out"
                  : outcome.end.foreign || outcome.end.told ? "not_ready"
                                                            : "failed",
                  not_ready_text(outcome), hint, record.id},
                 json);
    return exit;
}

}  // namespace sigmund::cli
