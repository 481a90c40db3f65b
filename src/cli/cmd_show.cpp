// SPDX-License-Identifier: Apache-2.0
// `show`: prints everything that is known about a run.
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_text.hpp"
#include "cli/stream_runs.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "ops/end_facts.hpp"
#include "ops/listening.hpp"
#include "ops/terminal_look.hpp"
#include "ops/usage.hpp"
#include "ops/used_text.hpp"
#include "run/project.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/fold.hpp"
#include "text/quote.hpp"
#include "text/size.hpp"

namespace sigmund::cli {
namespace {

constexpr std::size_t value_at = 12;

// Returns "NAME:      VALUE", so that the values of all lines begin in the same column.
std::string line(const std::string& name, const std::string& value) {
    std::string out = name + ':';
    out.resize(std::max<std::size_t>(out.size() + 1, value_at), ' ');
    return out + value;
}

std::string names_of(const run::Census& census, pid_t pid, const char* field) {
    std::string out;
    for (const std::string& name : sys::signal_names(census.proc().signal_set(pid, field).value_or(0)))
        out += (out.empty() ? "" : " ") + name;
    return out.empty() ? "none" : out;
}

std::string status_text(const sys::ExitStatus& status) {
    if (!status.known) return "";
    return ", " + run::Result::of(status).sentence();
}

// Describes restarts, readiness, health, stages and workers, but only those that the run has.
text::Page describe_supervision(const run::Judged& run) {
    const run::Record& r = run.record;
    text::Page out;
    if (r.restarts > 0) {
        std::string results;
        for (const run::Result& result : r.results)
            results += (results.empty() ? "" : ", ") + result.sentence();
        out.line(
            line("restarts", std::to_string(r.restarts) + (results.empty() ? "" : " (it " + results + ')')));
    }
    const bool waits = run.verdict.state == run::State::backoff || run.verdict.state == run::State::watching;
    if (waits) {
        const bool failed = !r.results.empty() && r.results.back() == run::Result::launch;
        out.line(
            line("next start",
                 (r.next_start_ms ? sys::local_time(*r.next_start_ms) : std::string("at the next change")) +
                     (failed ? ", the last one failed: " + r.results.back().detail() : "")));
    }
    if (r.ready)
        out.line(line("ready", std::string(*r.ready                 ? "yes"
                                           : run::is_final(r.state) ? "no"
                                                                    : "not yet") +
                                   (r.ready_detail.empty() ? "" : " (" + r.ready_detail + ')')));
    if (!r.health.empty()) out.line(line("health", r.health));
    if (!r.status_text.empty()) out.line(line("says", r.status_text));
    for (std::size_t i = 0; i < r.stages.size(); ++i)
        out.line(line("stage " + std::to_string(i + 1), text::quote(r.stages[i].argv) + ", pid " +
                                                            std::to_string(r.stages[i].pid) +
                                                            status_text(r.stages[i].status)));
    for (std::size_t i = 0; i < r.workers.size() && run.verdict.live(); ++i)
        out.line(line(
            "worker " + std::to_string(i),
            std::string(run::state_name(r.workers[i].state)) +
                (r.workers[i].pid != 0 ? ", pid " + std::to_string(r.workers[i].pid) : "") +
                (r.workers[i].restarts > 0 ? ", restarts " + std::to_string(r.workers[i].restarts) : "")));
    return out;
}

text::Page describe(const run::Judged& run, const run::View& view, bool color) {
    const run::Census& census = view.census();
    const run::Record& r = run.record;
    text::Page out;
    out.line(line("id", r.id));
    if (!r.name.empty()) out.line(line("name", r.name));
    if (!r.tags.empty()) {
        std::string tags;
        for (const std::string& tag : r.tags) tags += (tags.empty() ? "" : ", ") + tag;
        out.line(line("tags", tags));
    }
    out.add(line("state", "")).add(state_text(run), style_if(color, style_of(run)));
    out.line(run.verdict.why.empty() ? "" : " (" + run.verdict.why + ')');
    out.line(line("command", run::command_text(r)));
    const bool apart = r.project != r.cwd;
    out.line(line("folder", apart ? r.cwd : run::with_fate(r.cwd)));
    if (apart) out.line(line("project", run::with_fate(r.project)));
    out.line(line("pid", std::to_string(r.pid) + " (group " + std::to_string(r.pgid) + ", session " +
                             std::to_string(r.sid) + ')'));
    const sys::Millis until = r.ended_ms.value_or(sys::realtime_ms());
    out.line(line("started", sys::local_time(r.started_ms) + ", " +
                                 text::format_duration(std::max<sys::Millis>(0, until - r.started_ms)) +
                                 (r.ended_ms ? " long" : " ago")));
    if (r.ended_ms) out.line(line("ended", sys::local_time(*r.ended_ms)));
    const bool waits = run.verdict.state == run::State::backoff || run.verdict.state == run::State::watching;
    const bool lives_on = run.verdict.live() && !waits && run.verdict.result != run::Result::pending;
    if (r.status.known)
        out.line(
            line("exit", r.status.signal != 0
                             ? sys::signal_name(r.status.signal) + (r.status.core ? " (core dumped)" : "")
                             : std::to_string(r.status.code) +
                                   (lives_on ? " (some of its processes are still running)" : "")));
    if (const std::string used = ops::used_text(r); !used.empty()) out.line(line("used", used));
    if (r.last_signal.sent()) out.line(line("signal", ops::told(r.last_signal, r)));
    if (r.port != 0) {
        const run::PortRange ports = run::ports_of(r);
        out.line(line("given port", std::to_string(ports.first) +
                                        (ports.count > 1 ? " to " + std::to_string(ports.last()) : "")));
    }
    out.add(describe_supervision(run));
    out.line(line("log", r.log));
    if (!r.shell.empty()) out.line(line("shell", r.shell));
    out.line(line("stop", sys::signal_name(r.stop_signal != 0 ? r.stop_signal : SIGTERM) +
                              ", then SIGKILL after " +
                              text::format_duration(r.stop_timeout.value_or(run::usual_grace), true)));
    if (!run.verdict.live()) return out;
    if (const auto look = ops::TerminalLooks(view.store()).of(run)) {
        const std::string need = ops::need_of(*look);
        out.line(line("terminal", ops::describe(*look) + (need.empty() ? "" : ", " + need)));
    }
    out.line(line("guardian", run.verdict.guardian_alive ? std::to_string(r.guardian_pid)
                                                         : "gone; only its record tells about the run"));
    const ops::Usage usage = ops::usage_of(r, census);
    const auto escaped = std::count_if(usage.processes.begin(), usage.processes.end(),
                                       [](const ops::ProcessUsage& p) { return p.escaped; });
    out.line(
        line("processes", std::to_string(usage.processes.size()) +
                              (escaped > 0 ? ", " + std::to_string(escaped) + " outside its group" : "") +
                              "; memory " + ops::memory_text(usage, "") + "; CPU time " +
                              text::format_duration(usage.cpu_ms, true)));
    for (const sys::OpenPort& port : usage.ports)
        out.line(line("port", std::string(port.udp ? "udp " : "tcp ") +
                                  ops::endpoint_text(port.address, port.port) + ", process " +
                                  std::to_string(port.pid)));
    if (census.leader(r) == run::LeaderFact::alive) {
        out.line(line("ignores", names_of(census, r.pid, "SigIgn")));
        out.line(line("blocks", names_of(census, r.pid, "SigBlk")));
        out.line(line("catches", names_of(census, r.pid, "SigCgt")));
    }
    return out;
}

// Prints the runs one by one. Finished ones that a form such as @all means are read only then.
void print_json(const Args& args, const run::View& view) {
    const run::Found found = found_targets(view, args, args.words);
    RunsStream out("run.show", args.has("jsonl"), view);
    auto read = found.runs.begin();  // these are in the order of the ids
    for (const std::string& id : found.ids) {
        if (read != found.runs.end() && read->record.id == id) {
            out.add(*read++);
        } else if (!out.add_finished(id)) {
            if (const auto now = view.find(id)) out.add(*now);
        }
    }
    out.end();
}

}  // namespace

int cmd_show(const Args& args) {
    const run::View view = run::View::open();
    if (wants_json(args) || args.has("jsonl")) {
        print_json(args, view);
        return 0;
    }
    const auto runs = targets_of(view, args, args.words);
    if (wants_porcelain(args)) {
        Porcelain lines(parse_columns(args.value("columns").value_or(default_columns)),
                        args.has("zero") ? '\0' : '\n', view);
        for (const run::Judged& run : runs) lines.add(run);
        print_data(lines.text());
        return 0;
    }
    const bool color = use_color(args, STDOUT_FILENO);
    text::Page out;
    for (const run::Judged& run : runs) {
        if (!out.empty()) out.line("");
        out.add(text::fold(describe(run, view, color), output_columns(), value_at));
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
