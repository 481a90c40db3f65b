// SPDX-License-Identifier: Apache-2.0
// `status`: one look at runs, as they are now.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "cli/cmd.hpp"
#include "cli/list_runs.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/process_tree.hpp"
#include "cli/render_text.hpp"
#include "cli/runs_table.hpp"
#include "cli/stream_runs.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "ops/last_lines.hpp"
#include "ops/listening.hpp"
#include "ops/terminal_look.hpp"
#include "ops/usage.hpp"
#include "ops/used_text.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/fold.hpp"
#include "text/size.hpp"

namespace sigmund::cli {
namespace {

using run::Judged;

constexpr int not_running = 3, not_permitted = 4;
constexpr std::size_t log_lines = 10;

// Returns how long ago a time was: "3m12s".
std::string since(sys::Millis time) {
    return text::format_duration(std::max<sys::Millis>(0, sys::realtime_ms() - time));
}

// One run, as a heading and lines "  NAME  VALUE".
class Description {
  public:
    // `handle` is the word that names the run in a command.
    Description(const run::View& view, const Judged& run, const std::string& handle, bool color)
        : view_(view),
          run_(run),
          record_(run.record),
          handle_(handle),
          color_(color),
          columns_(output_columns()) {}

    text::Page describe() {
        heading();
        line("command", command_beginning(record_, columns_));
        if (!record_.from.name.empty()) line("template", record_.from.name);
        line(record_.in_project ? "project" : "folder", run::with_tilde(run::with_fate(record_.project)));
        condition();
        if (run_.live()) present();
        log();
        hint();
        return std::move(out_);
    }

  private:
    void line(const char* name, const std::string& value, std::string_view style = {}) {
        constexpr std::size_t value_at = 13;
        std::string left = std::string("  ") + name;
        left.resize(value_at, ' ');
        out_.add(text::fold(text::Page().add(left).line(value, style), columns_, value_at));
    }

    void heading() {
        text::Page head;
        head.add(label(record_), style_if(color_, styles::bold)).add(": ");
        head.add(state_in_words(run_), style_if(color_, style_of(run_)));
        const bool waits =
            run_.verdict.state == run::State::backoff || run_.verdict.state == run::State::watching;
        if (waits)
            head.line("");
        else if (run_.live())
            head.line(" for " + since(life_began(record_)) + ", since " +
                      sys::local_time(life_began(record_)));
        else if (record_.ended_ms)
            head.line(", " + since(*record_.ended_ms) + " ago, at " + sys::local_time(*record_.ended_ms) +
                      ", after " +
                      text::format_duration(std::max<sys::Millis>(0, *record_.ended_ms - record_.started_ms),
                                            true));
        else
            head.line("");
        out_.add(text::fold(head, columns_, 2));
        if (!run_.verdict.why.empty()) line("why", run_.verdict.why);
        if (const std::string used = ops::used_text(record_); !used.empty()) line("used", used);
    }

    // Readiness, health and restarts, but only those that the run has.
    void condition() {
        if (record_.ready)
            line("ready", std::string(*record_.ready ? "yes"
                                      : run_.live()  ? "not yet"
                                                     : "no") +
                              (record_.ready_detail.empty() ? "" : " (" + record_.ready_detail + ')'));
        if (!record_.health.empty())
            line("health", record_.health, style_if(color_ && record_.health == "unhealthy", styles::yellow));
        if (!record_.status_text.empty()) line("says", record_.status_text);
        if (record_.restarts == 0) return;
        std::string text = std::to_string(record_.restarts);
        if (!record_.lives.empty())
            text += ", the last one " + since(record_.lives.back().restarted_ms) + " ago: the command " +
                    record_.lives.back().result.sentence();
        line("restarts", text);
    }

    void present() {
        const ops::Usage usage = ops::usage_of(record_, view_.census());
        for (const sys::OpenPort& port : usage.ports)
            if (!port.udp) line("listens on", ops::endpoint_text(port.address, port.port));
        const bool listens =
            std::any_of(usage.ports.begin(), usage.ports.end(),
                        [&](const sys::OpenPort& each) { return each.port == record_.port; });
        if (record_.port != 0 && !listens)
            line("port",
                 std::to_string(record_.port) + " (it was given this one, and does not listen on it)");
        if (!usage.processes.empty())
            line("uses",
                 text::format_duration(usage.cpu_ms, true) + " of CPU time, " + ops::memory_text(usage));
        if (const auto look = ops::TerminalLooks(view_.store()).of(run_)) {
            const std::string need = ops::need_of(*look);
            line("terminal", ops::describe(*look) + (need.empty() ? "" : ", " + need),
                 style_if(color_ && !need.empty(), styles::yellow));
        }
        if (!run_.verdict.guardian_alive) line("guardian", "it is gone; only the record tells about the run");
        if (!usage.processes.empty())
            out_.line("  processes").add(process_tree(record_, view_.census(), "    ", columns_));
    }

    void log() {
        line("log", run::with_tilde(record_.log));
        const auto part = record_.split_log ? run::LogPart::errors : run::LogPart::whole;
        for (const std::string& each : ops::last_lines(view_.store(), record_, part, 0, log_lines))
            out_.add(text::cut(text::Page().line("    " + each), columns_));
    }

    void hint() {
        if (run::has_failed(record_) || run_.verdict.state == run::State::backoff ||
            run_.verdict.state == run::State::lost)
            line("hint", "sigmund explain " + handle_ + " tells why");
        if (run_.verdict.state == run::State::paused) line("hint", "sigmund resume " + handle_);
    }

    const run::View& view_;
    const Judged& run_;
    const run::Record& record_;
    const std::string& handle_;
    const bool color_;
    const std::size_t columns_;  // of the terminal; 0: there is none
    text::Page out_;
};

// Without a target: the runs of this project or, outside of one, all that live.
Filter filter_of_overview(const Args& args) {
    Filter filter;
    const run::Surroundings here = surroundings(args);
    filter.here = here.in_project;
    filter.project = here.project;
    filter.live = !filter.here;
    return filter;
}

int exit_of(const Judged& run) {
    return run.live() ? 0 : not_running;
}

// Prints the same runs as for people, each as `show` prints it.
int print_json(const Args& args, const run::View& view) {
    RunsStream out("run.show", false, view);
    int exit = 0;
    if (args.words.empty()) {
        std::vector<Judged> runs;
        const Filter filter = filter_of_overview(args);
        const Listing listing =
            gather(args, view, {filter, Needs::all}, [&](Judged&& run) { runs.push_back(std::move(run)); });
        for (const std::uint32_t row : listing.order) out.add(runs[row]);
    } else {
        for (const Judged& run : targets_of(view, args, args.words)) {
            out.add(run);
            exit = std::max(exit, exit_of(run));
        }
    }
    out.end();
    return exit;
}

int overview(const Args& args, const run::View& view, bool color) {
    const Filter filter = filter_of_overview(args);
    RunsTable rows(view);
    const Listing listing = gather(args, view, {filter, Needs::all}, [&](Judged&& run) { rows.add(run); });
    if (listing.order.empty())
        say(filter.here ? "no runs of this project" : "no live runs");
    else
        print(rows.render(listing.order, {output_columns(), color, false}));
    return 0;
}

int look(const Args& args) {
    const run::View view = run::View::open();
    if (wants_json(args)) return print_json(args, view);
    const bool color = use_color(args, STDOUT_FILENO);
    if (args.words.empty()) return overview(args, view, color);
    int exit = 0;
    text::Page out;
    for (const Judged& run : targets_of(view, args, args.words)) {
        if (!out.empty()) out.line("");
        out.add(Description(view, run, handle(view, args, run.record), color).describe());
        exit = std::max(exit, exit_of(run));
    }
    print(out);
    return exit;
}

}  // namespace

int cmd_status(const Args& args) {
    try {
        return look(args);
    } catch (run::Failure& failure) {
        if (failure.exit == run::Exit::denied) failure.exit = static_cast<run::Exit>(not_permitted);
        throw;
    } catch (const std::system_error& error) {
        if (error.code().value() != EACCES && error.code().value() != EPERM) throw;
        throw run::Failure(static_cast<run::Exit>(not_permitted), "denied", error.what());
    }
}

}  // namespace sigmund::cli
