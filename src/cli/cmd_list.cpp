// SPDX-License-Identifier: Apache-2.0
// `list`: the runs, for people and for scripts.
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

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
    std::string begins;                // of the id or the name
    std::optional<std::size_t> limit;  // that many of the first, once sorted
};

Filter read_filter(const Args& args) {
    Filter f;
    f.live = args.has("live");
    f.orphaned = args.has("orphaned");
    f.here = args.has("here");
    if (f.here) f.project = surroundings().project;
    if (const auto shell = args.value("shell")) f.shell = shell->empty() ? ops::current_shell() : *shell;
    f.begins = args.value("begins").value_or("");
    if (const auto limit = number_option(args, "limit", 1)) f.limit = static_cast<std::size_t>(*limit);
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
    if (by == "name") {
        std::stable_sort(runs.begin(), runs.end(),
                         [](const Judged& a, const Judged& b) { return a.record.name < b.record.name; });
    } else if (by == "state") {
        std::stable_sort(runs.begin(), runs.end(),
                         [](const Judged& a, const Judged& b) { return a.verdict.state < b.verdict.state; });
    } else if (by == "oldest") {
        std::reverse(runs.begin(), runs.end());
    } else if (!by.empty() && by != "newest") {
        throw Failure(Exit::usage, "usage", "--sort takes newest, oldest, name or state");
    }
}

// Into the order that `order` gives, in place: by its cycles, so that thousands of large records are moved
// once each and no second memory is touched.
void permute(std::vector<Judged>& runs, std::vector<std::uint32_t>& order) {
    for (std::uint32_t start = 0; start < order.size(); ++start) {
        if (order[start] == start) continue;
        Judged first = std::move(runs[start]);
        std::uint32_t at = start;
        for (;;) {
            const std::uint32_t from = std::exchange(order[at], at);
            if (from == start) break;
            runs[at] = std::move(runs[from]);
            at = from;
        }
        runs[at] = std::move(first);
    }
}

std::vector<Judged> gather(const Args& args, const run::Store& store, const run::Census& census,
                           run::Depth depth, const Filter& filter, bool quiet) {
    std::vector<std::string> corrupt;
    std::vector<Judged> runs;
    const auto consider = [&](run::Record record) {
        if (!filter.begins.empty() && !record.id.starts_with(filter.begins) &&
            !record.name.starts_with(filter.begins))
            return;
        Judged& judged = runs.emplace_back(judge_now(std::move(record), store, census));
        if (!passes(filter, judged)) runs.pop_back();
    };
    if (args.words.empty()) {
        const std::vector<std::string> ids = store.ids();
        runs.reserve(ids.size());
        for (const std::string& id : ids) {
            run::Record record;
            const run::Read answer = store.load(id, depth, record);
            if (answer == run::Read::ok) consider(std::move(record));
            if (answer == run::Read::corrupt) corrupt.push_back(id + ".json");
        }
    } else {
        for (run::Record& record : run::resolve(store, census, args.words, surroundings(), &corrupt))
            consider(std::move(record));
    }
    if (!quiet) warn_corrupt(corrupt);
    const std::string by = args.value("sort").value_or("");
    struct Key {
        bool live;
        sys::Millis started;
        std::uint32_t index;
    };
    std::vector<Key> keys;
    keys.reserve(runs.size());
    for (std::uint32_t i = 0; i < runs.size(); ++i)
        keys.push_back({by.empty() && runs[i].verdict.live(), runs[i].record.started_ms, i});
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        if (a.live != b.live) return a.live;
        return a.started != b.started ? a.started > b.started
                                      : runs[a.index].record.id < runs[b.index].record.id;
    });
    std::vector<std::uint32_t> order;
    order.reserve(runs.size());
    for (const Key& key : keys) order.push_back(key.index);
    permute(runs, order);
    sort_runs(runs, by);
    if (filter.limit && runs.size() > *filter.limit)
        runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(*filter.limit), runs.end());
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
