// SPDX-License-Identifier: Apache-2.0
// `up`: brings the runs of a project up from the templates of the configuration.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/stack.hpp"
#include "cli/templates.hpp"
#include "cli/up_display.hpp"
#include "ops/down.hpp"
#include "ops/launch.hpp"
#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/option_words.hpp"
#include "stack/differences.hpp"
#include "sys/error.hpp"
#include "sys/terminal.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

using ops::Phase;
using run::Exit;
using run::Failure;

int caught_signal = 0;
int wake_fd = -1;

void on_signal(int signal) {
    caught_signal = signal;
    (void)!::write(wake_fd, "", 1);
}

// Makes SIGINT, SIGTERM, SIGHUP and SIGQUIT (unless they are ignored) readable at the returned descriptor.
sys::Fd signals_as_descriptor() {
    int ends[2];
    sys::check(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), "pipe", "");
    wake_fd = ends[1];
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
        action = {};
        action.sa_handler = on_signal;
        ::sigaction(signal, &action, nullptr);
    }
    return sys::Fd(ends[0]);
}

using Outcome = ops::UpOutcome;

std::string names_of(const ops::UpRequest& request, const Outcome& outcome,
                     const std::function<bool(const ops::UpState&)>& which) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < outcome.states.size(); ++i)
        if (which(outcome.states[i]))
            names.push_back(outcome.states[i].record.id.empty() ? request.tasks[i].name
                                                                : label(outcome.states[i].record));
    return text::join(names, ", ");
}

// A run that was ready may have been stopped meanwhile.
bool lives(const ops::UpState& state, const run::View& view) {
    if (state.record.id.empty() || state.phase == Phase::failed || state.phase == Phase::done_before)
        return false;
    const auto now = view.find(state.record.id);
    return now && now->live();
}

// The answer of `up` for a script: the ids of the runs that the line names, or of all when it names none.
// When something has failed, runs that were stopped again are left out.
void print_ids(const ops::UpRequest& request, const Outcome& outcome, const run::View& view, bool by_name,
               bool failed) {
    for (std::size_t i = 0; i < outcome.states.size(); ++i) {
        const ops::UpState& state = outcome.states[i];
        if (state.phase != Phase::unused && state.exit == 0 && !state.record.id.empty() &&
            (!by_name || request.tasks[i].named) && (state.record.from.once || !failed || lives(state, view)))
            print(state.record.id + '\n');
    }
}

// A single template is answered as a start is.
void tell_one(const ops::UpRequest& request, const Outcome& outcome, const run::View& view) {
    for (std::size_t i = 0; i < request.tasks.size(); ++i)
        if (request.tasks[i].named)
            if (const auto run = view.find(outcome.states[i].record.id)) print_data(started_json(*run, view));
}

int exit_of(const Outcome& outcome) {
    if (caught_signal != 0) return 128 + caught_signal;
    for (const ops::UpState& state : outcome.states)
        if (state.phase == Phase::failed || ops::was_stopped(state)) return state.exit;
    return outcome.closed ? static_cast<int>(Exit::usage) : 0;
}

// Prints the last lines of each run that failed, which usually tell why, and the hints. The log of a run that is only
// paused tells nothing.
void tell_failures(const ops::UpRequest& request, const Outcome& outcome, const run::View& view, bool json) {
    if (json) return;
    for (std::size_t i = 0; i < outcome.states.size(); ++i) {
        const ops::UpState& state = outcome.states[i];
        if (state.phase != Phase::failed) continue;
        if (state.failure && !state.failure->hint.empty())
            say(request.tasks[i].name + ": hint: " + run::options_as_keys(state.failure->hint));
        const bool paused = state.failure && state.failure->code == "paused";
        if (!state.record.id.empty() && !paused)
            tell_last_lines(view.store(), state.record, "the last lines of " + label(state.record) + ':', 20,
                            state.record.ready_detail);
    }
}

// The options of the line have no effect on a run that was running before.
void tell_unused_options(const Args& args, const ops::UpRequest& request, const Outcome& outcome) {
    constexpr std::string_view of_up[] = {"replace", "tail",         "wait",  "quiet",   "json",
                                          "name",    "keep-changed", "abort", "dry-run", "help"};
    std::vector<std::string> unused;
    for (const run::GivenOption& each : args.given())
        if (std::find(std::begin(of_up), std::end(of_up), each.option->name) == std::end(of_up))
            unused.push_back("--" + std::string(each.option->name));
    if (unused.empty()) return;
    for (std::size_t i = 0; i < outcome.states.size(); ++i)
        if (request.tasks[i].named && outcome.states[i].phase == Phase::running)
            say(label(outcome.states[i].record) + " was running already, so it does not get " +
                text::join(unused, ", ") + "; --replace starts it with them");
}

// A run whose template was removed or got another name goes on.
void tell_without_template(const ops::UpRequest& request, const run::View& view) {
    for (const run::Judged& run : ops::template_runs(view, request.project, {}))
        if (std::none_of(request.tasks.begin(), request.tasks.end(),
                         [&](const ops::UpTask& task) { return task.from.name == run.record.from.name; }))
            say(label(run.record) + " keeps running, although there is no template " + run.record.from.name +
                " any more; sigmund down " + run.record.from.name + " stops it");
}

void tell_end(const ops::UpRequest& request, const Outcome& outcome, const run::View& view) {
    const std::string running =
        names_of(request, outcome, [&](const ops::UpState& state) { return lives(state, view); });
    const std::string left = names_of(request, outcome, [](const ops::UpState& state) {
        return state.phase == Phase::cancelled && state.record.id.empty();
    });
    if (outcome.interrupted) say("interrupted by " + sys::signal_name(caught_signal));
    if (outcome.closed) say("sigmund down or stop was called meanwhile, so nothing more is started");
    if (!left.empty()) say("not started: " + left);
    if (!running.empty()) say("running: " + running + "; sigmund down stops them");
}

// Stops what this call has started, those that depend on others first.
void tear_down(const Outcome& outcome, const run::Store& store) {
    std::vector<run::Judged> runs;
    const run::View view = run::View::of(store);
    for (std::size_t i = outcome.states.size(); i-- > 0;)
        if (outcome.states[i].started)
            if (auto run = view.find(outcome.states[i].record.id); run && run->live())
                runs.push_back(std::move(*run));
    for (const ops::StopOutcome& o : ops::stop_in_order(view, runs, ops::dependents_of(runs), {}))
        say((o.exit == Exit::done ? "stopped " : "could not stop ") + label(o.record));
}

std::string_view act_text(ops::UpLook::Act act) {
    using Act = ops::UpLook::Act;
    return act == Act::keep ? "is running" : act == Act::skip_step ? "is done" : act_word(act);
}

int dry_run(const config::Config& config, ops::UpRequest& request, const run::Store& store, bool json) {
    for (const std::string& each : misspelt_placeholders(config)) warn(each);
    const auto looks = ops::look_at(run::View::of(store), request);
    if (json) {
        print_data(plan_json(request, looks));
        return 0;
    }
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!request.tasks[i].chosen) continue;
        std::string line = request.tasks[i].name + ": ";
        line += act_text(looks[i].act);
        if (looks[i].live) line += " (" + looks[i].live->record.id + ')';
        std::vector<std::string> needs;
        for (const std::size_t other : request.tasks[i].depends) needs.push_back(request.tasks[other].name);
        if (!needs.empty()) line += ", after " + text::join(needs, ", ");
        if (!looks[i].because.empty()) line += ", since " + looks[i].because + " is restarted";
        print(line + '\n');
        for (const std::string& difference : looks[i].differences) print("  " + difference + '\n');
    }
    return 0;
}

void check_words(const config::Config& config, std::size_t chosen) {
    if (chosen > 0) return;
    throw Failure(Exit::not_found, "not_found",
                  config.project.file.empty()
                      ? "there is no sigmund.toml for this folder"
                      : config.project.file + " has no template that up starts by itself",
                  !config.unused_file.empty() ? no_own_file(config)
                  : config.templates.empty()  ? "[run.NAME] in a sigmund.toml defines a template"
                                              : "name one of the templates: sigmund config lists them");
}

// Follows or waits for what the line names, as --tail and --wait say.
int stay(const Args& args, const ops::UpRequest& request, const Outcome& outcome, const run::Store& store) {
    const run::View view = run::View::of(store);
    std::vector<run::Judged> runs;
    for (std::size_t i = 0; i < request.tasks.size(); ++i)
        if (request.tasks[i].chosen && (request.tasks[i].named || args.words.empty()) &&
            !request.tasks[i].from.once)
            if (auto run = view.find(outcome.states[i].record.id)) runs.push_back(std::move(*run));
    if (runs.empty()) return 0;
    std::vector<std::string> names;
    names.reserve(runs.size());
    for (const run::Judged& run : runs) names.push_back(label(run.record));
    detach_on_signal(text::join(names, ", ") + (runs.size() == 1 ? " keeps running" : " keep running"),
                     runs.size() == 1 ? "sigmund stop " + run::handle(view, runs[0].record) : "sigmund down",
                     args.has("tail"));
    if (args.has("tail")) {
        ops::FollowRequest follow;
        follow.until_leader = true;
        end_open_lines(ops::follow(view, runs, follow));
    }
    int exit = 0;
    for (const ops::WaitOutcome& o : ops::wait(view, runs, {})) exit = std::max(exit, o.exit());
    return exit;
}

}  // namespace

int cmd_up(const Args& args) {
    if (args.has("attach"))
        throw Failure(Exit::usage, "usage", "--attach is for one run, which `up` is not",
                      "sigmund up, and then sigmund attach NAME");
    const config::Config config = load_config(true);
    const run::Store store = run::Store::create();
    const Stack stack(config, args, store);
    ops::UpRequest request;
    request.tasks = stack.tasks();
    const auto chosen = static_cast<std::size_t>(std::count_if(
        request.tasks.begin(), request.tasks.end(), [](const ops::UpTask& task) { return task.chosen; }));
    check_words(config, chosen);
    const auto named = std::count_if(request.tasks.begin(), request.tasks.end(),
                                     [](const ops::UpTask& task) { return task.named; });
    if (args.has("name") && named != 1)
        throw Failure(Exit::usage, "usage", "--name can only be used with one template");
    request.project = config.project.folder;
    request.in_project = config.project.found;
    request.keep_changed = args.has("keep-changed");
    request.abort = args.has("abort");
    request.other_name = args.has("name");
    const bool json = wants_json(args), quiet = args.has("quiet") || json;
    if (args.has("dry-run")) return dry_run(config, request, store, json);
    const sys::Fd interrupt = signals_as_descriptor();
    request.interrupt = interrupt.get();
    std::vector<std::string> names;
    for (const ops::UpTask& task : request.tasks) names.push_back(task.name);
    UpDisplay display(std::move(names), chosen, quiet);
    const ops::UpOutcome outcome =
        ops::bring_up(store, request,
                      {[&](std::size_t task, const ops::UpState& state) { display.show(task, state); },
                       [&](const std::string& message) { display.tell(message); }});
    display.end();
    const int exit = exit_of(outcome);
    const run::View view = run::View::of(store);
    if (!json) tell_unused_options(args, request, outcome);
    if (!quiet) tell_without_template(request, view);
    // What is told here is no news at the next prompt.
    for (const ops::UpState& state : outcome.states)
        if (state.started && (state.phase == Phase::done || state.phase == Phase::failed))
            ops::forget_notice(store, state.record);
    tell_failures(request, outcome, view, json);
    if (exit != 0 && request.abort && !outcome.interrupted)
        tear_down(outcome, store);
    else if (exit != 0 && !json)
        tell_end(request, outcome, view);
    if (json && exit == 0 && args.words.size() == 1 && named == 1)
        tell_one(request, outcome, view);
    else if (json)
        print_data(up_json(request, outcome, view));
    else if (!args.has("tail") && !args.has("wait") && (quiet || !sys::is_terminal(STDOUT_FILENO)))
        print_ids(request, outcome, view, !args.words.empty(), exit != 0);
    if (exit != 0 || !(args.has("tail") || args.has("wait"))) return exit;
    return stay(args, request, outcome, store);
}

}  // namespace sigmund::cli
