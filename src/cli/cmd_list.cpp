// SPDX-License-Identifier: Apache-2.0
// `list`: the runs, for people and for scripts.
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_text.hpp"
#include "ops/shell_session.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

struct Filter {
    bool live = false, here = false, orphaned = false;
    std::vector<run::State> states;
    std::optional<std::string> shell;
    std::string project;
};

Filter read_filter(const Args& args) {
    Filter f;
    f.live = args.has("live");
    f.orphaned = args.has("orphaned");
    f.here = args.has("here");
    if (f.here) f.project = surroundings().project;
    if (const auto shell = args.value("shell")) f.shell = shell->empty() ? ops::current_shell() : *shell;
    for (const std::string& list : args.all("state"))
        for (std::size_t at = 0; at <= list.size();) {
            const auto end = std::min(list.find(',', at), list.size());
            const auto state = run::parse_state(list.substr(at, end - at));
            if (!state)
                throw Failure(Exit::usage, "usage",
                              "unknown state \"" + text::escape_for_display(list.substr(at, end - at)) + '"',
                              "starting, running, paused, backoff, stopping, exited, failed, lost, stale");
            f.states.push_back(*state);
            at = end + 1;
        }
    return f;
}

bool passes(const Filter& f, const Judged& run) {
    if (f.live && !run.verdict.live()) return false;
    if (!f.states.empty() && std::find(f.states.begin(), f.states.end(), run.verdict.state) == f.states.end())
        return false;
    if (f.here && run.record.project != f.project) return false;
    if (f.shell && (f.shell->empty() || run.record.shell != *f.shell)) return false;
    if (f.orphaned && (!run.verdict.live() || run.record.shell.empty() || run.record.keep ||
                       ops::shell_alive(run.record.shell)))
        return false;
    return true;
}

void sort_runs(std::vector<Judged>& runs, const std::string& by) {
    const auto newest = [](const Judged& a, const Judged& b) {
        return a.record.started_ms != b.record.started_ms ? a.record.started_ms > b.record.started_ms
                                                          : a.record.id < b.record.id;
    };
    std::sort(runs.begin(), runs.end(), newest);
    if (by.empty()) {
        std::stable_partition(runs.begin(), runs.end(), [](const Judged& r) { return r.verdict.live(); });
    } else if (by == "name") {
        std::stable_sort(runs.begin(), runs.end(),
                         [](const Judged& a, const Judged& b) { return a.record.name < b.record.name; });
    } else if (by == "state") {
        std::stable_sort(runs.begin(), runs.end(),
                         [](const Judged& a, const Judged& b) { return a.verdict.state < b.verdict.state; });
    } else if (by == "oldest") {
        std::reverse(runs.begin(), runs.end());
    } else if (by != "newest") {
        throw Failure(Exit::usage, "usage", "--sort takes newest, oldest, name or state");
    }
}

std::vector<Judged> gather(const Args& args, const run::Store& store, const run::Census& census,
                           run::Depth depth, const Filter& filter, bool quiet) {
    std::vector<std::string> corrupt;
    const auto records = args.words.empty()
                             ? store.list(depth, &corrupt)
                             : run::resolve(store, census, args.words, surroundings(), &corrupt);
    if (!quiet) warn_corrupt(corrupt);
    std::vector<Judged> runs;
    runs.reserve(records.size());
    for (const run::Record& record : records) {
        Judged judged = judge_now(record, store, census);
        if (passes(filter, judged)) runs.push_back(std::move(judged));
    }
    sort_runs(runs, args.value("sort").value_or(""));
    return runs;
}

volatile sig_atomic_t interrupted = 0;

// Redrawn in place when something changes in the store, and each second for the ages.
int watch(const Args& args, const Filter& filter) {
    if (!sys::is_terminal(STDOUT_FILENO))
        throw Failure(Exit::usage, "usage", "--watch needs a terminal", "for scripts: sigmund list --json");
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
    const bool color = use_color(args, STDOUT_FILENO);
    print("\x1b[?25l\x1b[?1049h");
    while (!interrupted) {
        const run::Store store = run::Store::open();
        const run::Census census;
        const sys::Fd notes(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
        if (store.present())
            ::inotify_add_watch(notes.get(), store.path().c_str(), IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
        const auto size = sys::terminal_size(STDOUT_FILENO);
        const auto runs = gather(args, store, census, run::Depth::head, filter, true);
        std::string table = runs.empty() ? "no runs\n" : runs_table(runs, size.columns, color);
        std::string frame = "\x1b[H";
        std::size_t row = 0;
        for (std::size_t at = 0; at < table.size() && row + 1 < size.rows; ++row) {
            const auto end = table.find('\n', at);
            frame += table.substr(at, end - at) + "\x1b[K\r\n";
            at = end + 1;
        }
        print(frame + "\x1b[J");
        pollfd p[2] = {{notes.get(), POLLIN, 0}, {STDIN_FILENO, 0, 0}};
        ::poll(p, 1, 1000);
        if (p[0].revents != 0) ::usleep(30'000);  // let a burst of changes pass
    }
    print("\x1b[?1049l\x1b[?25h");
    return 130;
}

}  // namespace

int cmd_list(const Args& args) {
    const Filter filter = read_filter(args);
    const bool json = wants_json(args), lines = args.has("jsonl"), plain = wants_porcelain(args);
    if (args.has("watch")) return watch(args, filter);
    const std::vector<std::string> columns = parse_columns(args.value("columns").value_or(default_columns));
    const run::Store store = run::Store::open();
    const run::Census census;
    bool tail_fields = json || lines || filter.here;
    for (const std::string& column : columns)
        for (const char* late : {"cwd", "project", "log", "restarts", "ready", "health"})
            tail_fields = tail_fields || (plain && column == late);
    const auto runs =
        gather(args, store, census, tail_fields ? run::Depth::full : run::Depth::head, filter, false);
    if (json || lines) {
        print(runs_json("run.list", runs, store, census, lines));
    } else if (plain) {
        print(porcelain(runs, columns, args.has("zero") ? '\0' : '\n'));
    } else if (runs.empty()) {
        if (sys::is_terminal(STDOUT_FILENO))
            say(args.words.empty() && !filter.live ? "no runs" : "no such runs");
    } else {
        const bool terminal = sys::is_terminal(STDOUT_FILENO);
        print(runs_table(runs, terminal ? sys::terminal_size(STDOUT_FILENO).columns : 0,
                         use_color(args, STDOUT_FILENO)));
    }
    return 0;
}

}  // namespace sigmund::cli
