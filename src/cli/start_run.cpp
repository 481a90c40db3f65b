// SPDX-License-Identifier: Apache-2.0
// What the verbs that start a run share: launching it, printing its id, and then following it, waiting for
// its end or waiting until it is ready, as the launch options say.
#include <signal.h>
#include <unistd.h>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/stay_attached.hpp"
#include "ops/ci.hpp"
#include "ops/follow.hpp"
#include "ops/launch.hpp"
#include "ops/shell_runs.hpp"
#include "ops/systemd.hpp"
#include "ops/wait.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/view.hpp"
#include "sys/error.hpp"
#include "sys/procfs.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"
#include "text/terminal_sanitizer.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// The text to print when a signal ends this process while it waits, by the number of the signal. The texts
// are complete before the handler is set.
std::string farewells[sys::max_signal + 1];

bool colors_stdout = false;  // the log of a run is being shown on a terminal

void on_end(int signal) {
    const std::string& text = farewells[signal];
    if (colors_stdout)
        (void)!::write(STDOUT_FILENO, text::attributes_off.data(), text::attributes_off.size());
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(128 + signal);
}

// Prints which processes the leader left behind when it ended, and how to end them.
void tell_leftovers(const run::View& view, const run::Record& record) {
    const run::Census& census = view.census();
    const auto members = census.members(record);
    if (members.empty()) return;
    // The record is read after the processes. If the run is over by then, they belonged to --on-exit, and the
    // command did not leave them behind.
    run::Record now = record;
    view.store().load(record.id, run::Depth::full, now);
    if (now.ended_ms || !view.judge(now).live()) return;
    std::string list;
    for (const run::Member& member : members) {
        const auto stat = census.proc().stat(member.pid);
        list +=
            (list.empty() ? "" : ", ") + std::to_string(member.pid) + (stat ? " (" + stat->comm + ')' : "");
    }
    say(std::to_string(members.size()) + (members.size() == 1 ? " process of " : " processes of ") +
        label(record) + " left running: " + list);
    say("stop: sigmund stop " + run::handle(view, record));
}

constexpr std::size_t lines_of_failure = 10;

// `shown`: the log was shown already, or is not for this place. `silent`: a command that has failed by itself is not told.
int finish_waiting(const run::View& view, const run::Record& record, bool shown, bool silent) {
    const auto ended = ops::wait(view, {view.judge(record)}, {});
    view.census().refresh();
    tell_leftovers(view, record);
    ops::forget_notice(view.store(), record);
    const int exit = ended[0].exit();
    if (exit != 0 && !shown) tell_last_lines(view.store(), ended[0].record, "", lines_of_failure);
    if (ended[0].timed_out)
        say(label(record) + " reached its time limit (--timeout), and was stopped: sigmund explain " +
            record.id);
    else if (!ended[0].end.status.known)
        say(label(record) + ": its exit status is unknown");
    else if (exit != 0 && (ended[0].failed || !silent))
        say(label(record) + ' ' +
            (ended[0].failed ? "failed" : run::Result::of(ended[0].end.status).sentence()) +
            ": sigmund explain " + run::handle(view, record));
    return exit;
}

}  // namespace

void detach_on_signal(const std::string& what, const std::string& way_out, bool shows_log) {
    colors_stdout = shows_log && sys::is_terminal(STDOUT_FILENO);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
        const bool key = signal == SIGINT || signal == SIGQUIT;  // the terminal already shows ^C
        std::string& text = farewells[signal];
        text = key ? "\nsigmund: detached; "
                   : "sigmund: this command was ended by " + sys::signal_name(signal) + "; ";
        text::append_for_display(text, what);
        text += '\n';
        if (!way_out.empty()) {
            text += "sigmund: stop: ";
            text::append_for_display(text, way_out);
            text += '\n';
        }
        action = {};
        action.sa_handler = on_end;
        ::sigaction(signal, &action, nullptr);
    }
}

// Returns the lines that tell a person about a new run.
static text::Page lines_about(const run::Record& record, const std::string& fate) {
    text::Page lines;
    lines.line("id=" + record.id + " pid=" + std::to_string(record.pid) +
               " pgid=" + std::to_string(record.pgid) + " sid=" + std::to_string(record.sid));
    lines.line("log: " + record.log);
    lines.line("stop: sigmund stop " + run::short_label(record));
    if (!fate.empty()) lines.line(fate);
    return lines;
}

// Checks --attach before anything is started.
static void prepare_attach(const Args& args, run::Spec& spec) {
    for (const char* other : {"tail", "wait", "json"})
        if (args.has(other))
            throw Failure(Exit::usage, "usage",
                          std::string("--attach and --") + other + " exclude each other");
    const char* const clash = spec.split_log             ? "--split-log"
                              : !spec.stdin_path.empty() ? "--stdin"
                              : !spec.stages.empty()     ? "a pipe"
                                                         : nullptr;
    if (clash)
        throw Failure(Exit::usage, "usage", std::string("--attach and ") + clash + " exclude each other");
    if (spec.pool > 0)
        throw Failure(Exit::usage, "usage", "--attach: each worker of a pool has a terminal of its own");
    if (!sys::is_terminal(STDIN_FILENO) || !sys::is_terminal(STDOUT_FILENO))
        throw Failure(Exit::usage, "usage", "--attach needs a terminal as stdin and stdout",
                      "--tty and later: sigmund attach");
    if (spec.tty.empty()) spec.tty = run::own_tty;
}

int start_run(const Args& args, run::Spec spec, const std::vector<std::string>& differences, bool last) {
    const bool json = wants_json(args), quiet = args.has("quiet");
    const bool tail = args.has("tail"), wait = args.has("wait"), ready = !spec.ready.empty();
    const bool attach = args.has("attach");
    if (spec.stages.empty() && spec.argv[0].empty())
        throw Failure(Exit::not_installed, "command_not_found", "'': command not found");
    if (attach) prepare_attach(args, spec);
    if (spec.survive == "login" && ops::outlive_login() && !quiet)
        say("lingering is now on for your user; `loginctl disable-linger` turns it off");
    // A start that waits for the end needs no advice about what outlives it.
    const std::string fate = tail || wait ? "" : ops::fate_in_ci(spec.survive);
    ops::LaunchRequest request{std::move(spec), args.has("replace"), tail || wait || ready};
    std::optional<ops::Attachment> attachment;
    if (attach) attachment = ops::Attachment::to_start(request);
    if (request.replace && request.spec.name.empty())
        throw Failure(Exit::usage, "usage", "--replace needs a --name");
    const bool shows_id = !json && !tail && !wait && !attach && (quiet || !sys::is_terminal(STDOUT_FILENO));
    if (last && !json)
        request.parting = [&](const run::Record& record) -> ops::PartingWords {
            return {quiet ? "" : said(lines_about(record, fate)), shows_id ? record.id + '\n' : ""};
        };
    const run::Record record = ops::launch(std::move(request));
    if (attachment) {
        if (!quiet) say(lines_about(record, fate));
        const run::View view(run::Store::open());
        return stay_attached(view, ops::as_written(view.store(), record), *attachment);
    }
    if (tail || wait || ready)
        detach_on_signal(label(record) + " keeps running", "sigmund stop " + run::short_label(record), tail);
    if (!quiet) say(lines_about(record, fate));
    const run::View view(json || tail || wait || ready ? run::Store::open() : run::Store::absent());
    const run::Store& store = view.store();
    run::Record written = store.present() ? ops::as_written(store, record) : record;
    if (ready) {
        if (const int exit = await_ready(view, written, json); exit != 0) return exit;
        store.load(record.id, run::Depth::full, written);
    }
    if (json) {
        print_data(started_json(view.judge(written), view, differences));
    } else if (shows_id) {
        print(record.id + '\n');
    }
    if (!tail && !wait) return 0;
    if (tail) {
        ops::FollowRequest follow;
        follow.until_leader = true;
        end_open_lines(ops::follow(view, {view.judge(written)}, follow));
    }
    return finish_waiting(view, written, tail || json, json || (tail && quiet));
}

}  // namespace sigmund::cli
