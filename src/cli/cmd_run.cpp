// SPDX-License-Identifier: Apache-2.0
// Starting a run: launch options to a Spec, then launch, and say so.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/known_words.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/supervision_options.hpp"
#include "ops/ci.hpp"
#include "ops/follow.hpp"
#include "ops/launch.hpp"
#include "ops/shell_runs.hpp"
#include "ops/systemd.hpp"
#include "ops/wait.hpp"
#include "run/id.hpp"
#include "run/label.hpp"
#include "sys/error.hpp"
#include "sys/procfs.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void bad(const std::string& option, const std::string& value, const std::string& what,
                      const std::string& hint = {}) {
    throw Failure(Exit::usage, "usage", "--" + option + ": \"" + value + "\" " + what, hint);
}

template <typename Int>
std::optional<Int> whole(const std::string& text, int base = 10) {
    Int value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

sys::SignalBits signals_of(const Args& args, const std::string& option) {
    sys::SignalBits bits = 0;
    for (const std::string& word : args.all(option)) {
        bits |= sys::signal_bit(signal_word(option, word));
    }
    return bits;
}

void read_environment(const Args& args, run::Environment& environment) {
    environment.clean = args.has("clean-env");
    environment.unset = args.all("unset-env");
    environment.set = read_variables(args);
    for (const std::string& name : environment.unset)
        if (name.empty() || name.find('=') != std::string::npos)
            bad("unset-env", name, "is not the name of a variable");
}

}  // namespace

std::vector<std::string> read_variables(const Args& args) {
    std::vector<std::string> out = args.all("env");
    for (const std::string& entry : out)
        if (const auto equals = entry.find('='); equals == 0 || equals == std::string::npos)
            bad("env", entry, "is not NAME=VALUE");
    return out;
}

run::Spec read_spec_options(const Args& args) {
    run::Spec spec;
    if (const auto name = args.value("name")) {
        if (const std::string problem = run::name_problem(*name); !problem.empty())
            bad("name", *name, "is no name: " + problem);
        spec.name = *name;
    }
    for (const std::string& tag : args.all("tag")) {
        if (!run::is_tag(tag)) bad("tag", tag, "is no tag", "letters, digits, '.', '_' and '-', at most 64");
        spec.tags.push_back(tag);
    }
    spec.cwd = args.value("cwd").value_or("");
    read_environment(args, spec.environment);
    for (const std::string& file : args.all("env-file")) spec.environment.files.push_back(absolute(file));
    spec.stdin_path = absolute(args.value("stdin").value_or(""));
    spec.log_path = absolute(args.value("log").value_or(""));
    spec.split_log = args.has("split-log");
    for (const std::string& word : args.all("keep-fd")) {
        const auto fd = whole<int>(word);
        if (!fd || *fd < 3) bad("keep-fd", word, "is not a descriptor above 2");
        if (::fcntl(*fd, F_GETFD) < 0) bad("keep-fd", word, "is not open");
        spec.keep_fds.push_back(*fd);
    }
    if (const auto mask = args.value("umask")) {
        const auto value = whole<unsigned>(*mask, 8);
        if (!value || *value > 0777) bad("umask", *mask, "is not an octal mask");
        spec.umask = *value;
    }
    if (const auto nice = args.value("nice")) {
        const auto value = whole<int>(*nice);
        if (!value || *value < -20 || *value > 19) bad("nice", *nice, "is not a niceness from -20 to 19");
        spec.nice = *value;
    }
    for (const std::string& word : args.all("rlimit")) {
        const auto setting = run::parse_rlimit(word);
        if (!setting) bad("rlimit", word, "is not NAME=SOFT[:HARD]", "as in nofile=1024 or core=unlimited");
        spec.rlimits.push_back(*setting);
    }
    spec.signals.reset = !args.has("inherit-signals");
    spec.signals.ignore = signals_of(args, "ignore");
    spec.signals.defaults = signals_of(args, "default");
    spec.signals.block = signals_of(args, "block");
    spec.signals.unblock = signals_of(args, "unblock");
    if (const auto word = args.value("stop-signal")) spec.stop_signal = signal_word("stop-signal", *word);
    spec.stop_timeout = duration_option(args, "stop-timeout").value_or(spec.stop_timeout);
    spec.timeout = duration_option(args, "timeout").value_or(-1);
    spec.keep = args.has("keep");
    spec.survive = args.value("survive").value_or("step");
    constexpr std::string_view spans[] = {"step", "job", "login"};
    if (std::find(std::begin(spans), std::end(spans), spec.survive) == std::end(spans))
        bad("survive", spec.survive, "is not step, job or login", hint_of_words(spec.survive, spans));
    read_supervision_options(args, spec);
    return spec;
}

namespace {

// What is said when this process is ended while it waits, by the signal. Filled before the handler is set.
std::string farewells[sys::max_signal + 1];

void on_end(int signal) {
    const std::string& text = farewells[signal];
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(128 + signal);
}

// What the leader left behind when it ended, and how to end that.
void tell_leftovers(const run::View& view, const run::Record& record) {
    const run::Census& census = view.census();
    const auto members = census.members(record);
    if (members.empty()) return;
    // Read after the look: what is there when all is over is sigmund's own --on-exit, not left behind.
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
    say("stop: sigmund stop " + record.id);
}

int finish_waiting(const run::View& view, const run::Record& record) {
    const auto ended = ops::wait(view, {view.judge(record)}, {});
    view.census().refresh();
    tell_leftovers(view, record);
    ops::forget_notice(view.store(), record);
    if (ended[0].timed_out)
        say(label(record) + ": time ran out");
    else if (ended[0].failed)
        say(label(record) + " failed: sigmund explain " + record.id);
    if (!ended[0].end.status.known && !ended[0].timed_out)
        say(label(record) + ": its exit status is unknown");
    return ended[0].exit();
}

}  // namespace

void detach_on_signal(const std::string& what, const std::string& way_out) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
        const bool key = signal == SIGINT || signal == SIGQUIT;  // the terminal has shown ^C
        std::string& text = farewells[signal];
        text = key ? "\nsigmund: detached; " : "sigmund: ended by " + sys::signal_name(signal) + "; ";
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

int start_run(const Args& args, run::Spec spec, const std::vector<std::string>& differences) {
    const bool json = wants_json(args), quiet = args.has("quiet");
    const bool tail = args.has("tail"), wait = args.has("wait"), ready = !spec.ready.empty();
    for (const std::string& word :
         spec.stages.empty() ? std::vector{spec.argv[0]} : std::vector<std::string>{})
        if (word.empty()) throw Failure(Exit::not_installed, "command_not_found", "'': command not found");
    if (spec.survive == "login" && ops::outlive_login() && !quiet)
        say("your user lingers from now on; `loginctl disable-linger` takes it back");
    const std::string fate = ops::fate_in_ci(spec.survive);
    ops::LaunchRequest request{std::move(spec), args.has("replace"), tail || wait || ready};
    if (request.replace && request.spec.name.empty())
        throw Failure(Exit::usage, "usage", "--replace needs a --name");
    const run::Record record = ops::launch(std::move(request));
    if (tail || wait || ready) detach_on_signal(label(record) + " goes on", "sigmund stop " + record.id);
    if (!quiet) {
        text::Page lines;
        lines.line("id=" + record.id + " pid=" + std::to_string(record.pid) +
                   " pgid=" + std::to_string(record.pgid) + " sid=" + std::to_string(record.sid));
        lines.line("log: " + record.log);
        lines.line("stop: sigmund stop " + record.id);
        if (!fate.empty()) lines.line(fate);
        say(lines);
    }
    const run::View view(json || tail || wait || ready ? run::Store::open() : run::Store::absent());
    const run::Store& store = view.store();
    run::Record written = record;  // as the guardian has it, with the identity of the leader
    if (store.present()) store.load(record.id, run::Depth::full, written);
    if (ready) {
        if (const int exit = await_ready(view, written, json); exit != 0) return exit;
        store.load(record.id, run::Depth::full, written);
    }
    if (json) {
        print_data(started_json(view.judge(written), view, differences));
    } else if (!tail && !wait && (quiet || !sys::is_terminal(STDOUT_FILENO))) {
        print(record.id + '\n');
    }
    if (!tail && !wait) return 0;
    if (tail) {
        ops::FollowRequest follow;
        follow.until_leader = true;
        end_open_lines(ops::follow(view, {view.judge(written)}, follow));
    }
    return finish_waiting(view, written);
}

int cmd_run(const Args& args) {
    if (args.command.empty())
        throw Failure(Exit::usage, "usage", "no command to start", "sigmund run [options] COMMAND [ARG...]");
    const config::Config config = load_config(false);
    Args start = args;
    add_settings(start, config.defaults);
    run::Spec spec = read_configured_spec(start);
    spec.argv = args.command;
    const int exit = start_run(start, std::move(spec));
    apply_retention(config);
    return exit;
}

}  // namespace sigmund::cli
