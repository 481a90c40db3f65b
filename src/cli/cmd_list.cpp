// SPDX-License-Identifier: Apache-2.0
// `list`: shows the runs, for people and for scripts.
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/render_text.hpp"
#include "cli/targets.hpp"
#include "ops/shell_runs.hpp"
#include "run/known_words.hpp"
#include "run/shell_session.hpp"
#include "sys/inotify.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

constexpr std::string_view known_states[] = {"starting", "running", "paused", "backoff", "watching",
                                             "stopping", "exited",  "failed", "lost",    "stale"};
constexpr std::string_view known_orders[] = {"newest", "oldest", "name", "state"};

struct Filter {
    bool live = false, here = false, orphaned = false;
    std::vector<run::State> states;
    std::optional<std::string> shell;
    std::string project;
    std::string begins;                // the beginning of the id or the name
    std::optional<std::size_t> limit;  // show at most this many, after sorting
};

Filter read_filter(const Args& args) {
    Filter f;
    f.live = args.has("live");
    f.orphaned = args.has("orphaned");
    f.here = args.has("here");
    if (f.here) f.project = surroundings().project;
    if (const auto shell = args.value("shell")) f.shell = shell->empty() ? run::current_shell() : *shell;
    f.begins = args.value("begins").value_or("");
    if (const auto limit = number_option(args, "limit", 1)) f.limit = static_cast<std::size_t>(*limit);
    for (const std::string& list : args.all("state"))
        for (std::size_t at = 0; at <= list.size();) {
            const auto end = std::min(list.find(',', at), list.size());
            const std::string word = list.substr(at, end - at);
            const auto state = run::parse_state(word);
            if (!state)
                throw Failure(Exit::usage, "usage", "unknown state \"" + word + '"',
                              run::hint_of_words(word, known_states));
            f.states.push_back(*state);
            at = end + 1;
        }
    return f;
}

bool passes(const Filter& f, const run::Judged& run) {
    if (f.live && !run.verdict.live()) return false;
    if (!f.states.empty() && std::find(f.states.begin(), f.states.end(), run.verdict.state) == f.states.end())
        return false;
    if (f.here && run.record.project != f.project) return false;
    if (f.shell && (f.shell->empty() || run.record.shell != *f.shell)) return false;
    if (f.orphaned && (!run.verdict.live() || run.record.shell.empty() || run.record.keep ||
                       run::shell_alive(run.record.shell)))
        return false;
    return true;
}

// What the order of the rows depends on. The records themselves are not kept.
struct Key {
    sys::Millis started;
    std::uint32_t row;
    run::State state;
    bool live;
    char id[11];
};

// `names`, by row, is needed only for the order by name.
std::vector<std::uint32_t> sorted(std::vector<Key>& keys, const std::vector<std::string>& names,
                                  const std::string& by, std::optional<std::size_t> limit) {
    const bool live_first = by.empty(), by_name = by == "name", by_state = by == "state";
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        if (live_first && a.live != b.live) return a.live;
        if (by_name && names[a.row] != names[b.row]) return names[a.row] < names[b.row];
        if (by_state && a.state != b.state) return a.state < b.state;
        return a.started != b.started ? a.started > b.started : std::strcmp(a.id, b.id) < 0;
    });
    if (by == "oldest") std::reverse(keys.begin(), keys.end());
    std::vector<std::uint32_t> order;
    order.reserve(keys.size());
    for (const Key& key : keys) order.push_back(key.row);
    if (limit && order.size() > *limit) order.resize(*limit);
    return order;
}

// Passes each run that the filter accepts to `use`. Returns the order in which they are shown, as indices in
// the order in which they were passed.
template <typename Use>
std::vector<std::uint32_t> gather(const Args& args, const run::View& view, run::Depth depth,
                                  const Filter& filter, bool quiet, Use use) {
    const std::string by = args.value("sort").value_or("");
    if (!by.empty() && by != "newest" && by != "oldest" && by != "name" && by != "state")
        throw Failure(Exit::usage, "usage", "--sort: \"" + by + "\" is not a known order",
                      run::hint_of_words(by, known_orders));
    std::vector<std::string> corrupt;
    std::vector<Key> keys;
    std::vector<std::string> names;
    const auto begins_so = [&](const run::Record& record) {
        return filter.begins.empty() || record.id.starts_with(filter.begins) ||
               record.name.starts_with(filter.begins);
    };
    const auto consider = [&](run::Judged&& run) {
        if (!passes(filter, run)) return;
        Key& key = keys.emplace_back();
        key.started = run.record.started_ms;
        key.row = static_cast<std::uint32_t>(keys.size() - 1);
        key.state = run.verdict.state;
        key.live = run.verdict.live();
        key.id[run.record.id.copy(key.id, sizeof key.id - 1)] = '\0';
        if (by == "name") names.push_back(run.record.name);
        use(run);
    };
    if (args.words.empty()) {
        view.store().each_id([&](const std::string& id) {
            run::Record record;
            const run::Read answer = view.store().load(id, depth, record);
            if (answer == run::Read::corrupt) corrupt.push_back(id);
            if (answer == run::Read::ok && begins_so(record)) consider(view.judge(std::move(record)));
        });
    } else {
        run::Found found = run::resolve(view, args.words, surroundings());
        corrupt = std::move(found.corrupt);
        for (run::Judged& run : found.runs)
            if (begins_so(run.record)) consider(std::move(run));
    }
    if (!quiet) warn_corrupt(corrupt);
    return sorted(keys, names, by, filter.limit);
}

// Returns the table for people, cut at `columns` columns (0: not at all); empty when there is no run.
text::Page table(const Args& args, const run::View& view, const Filter& filter, std::size_t columns,
                 bool color, bool quiet) {
    RunsTable rows(sys::realtime_ms());
    const auto order =
        gather(args, view, run::Depth::head, filter, quiet, [&](const run::Judged& run) { rows.add(run); });
    return order.empty() ? text::Page() : rows.render(order, columns, color);
}

// Returns the lines of sigmund_jobs. What an interrupted adoption or a killed guardian has left in the folder
// of the shell is removed, so that the number in its prompt is right again.
text::Page jobs(const Args& args, const run::View& view, const Filter& filter, bool color) {
    if (filter.shell && *filter.shell == run::current_shell())
        ops::live_runs_of_shell(ops::views_of_shell(*filter.shell), *filter.shell);
    std::vector<text::Page> lines;
    const auto order = gather(args, view, run::Depth::full, filter, false,
                              [&](const run::Judged& run) { lines.push_back(job_line(run, view, color)); });
    text::Page out;
    for (const std::uint32_t row : order) out.add(lines[row]);
    return out;
}

volatile sig_atomic_t interrupted = 0;

// Redraws the table in place when something changes in the store, and every second for the ages.
int watch(const Args& args, const Filter& filter) {
    if (!sys::is_terminal(STDOUT_FILENO))
        throw Failure(Exit::usage, "usage", "--watch needs a terminal", "for scripts: sigmund list --json");
    struct sigaction action {};
    action.sa_handler = [](int signal) { interrupted = signal; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
    const bool color = use_color(args, STDOUT_FILENO);
    print_data("\x1b[?25l\x1b[?1049h");
    while (!interrupted) {
        const run::View view = run::View::open();
        // Where inotify's limits are reached, the table is only redrawn every second.
        const sys::Fd notes = sys::open_inotify();
        if (view.store().present())
            sys::add_watch(notes, view.store().path(), IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
        const auto size = sys::terminal_size(STDOUT_FILENO);
        std::string text = table(args, view, filter, size.columns, color, true).text();
        if (text.empty()) text = "no runs\n";
        std::string frame = "\x1b[H";
        std::size_t row = 0;
        for (std::size_t at = 0; at < text.size() && row + 1 < size.rows; ++row) {
            const auto end = text.find('\n', at);
            frame += text.substr(at, end - at) + "\x1b[K\r\n";
            at = end + 1;
        }
        print_data(frame + "\x1b[J");
        pollfd p[2] = {{notes.get(), POLLIN, 0}, {STDIN_FILENO, 0, 0}};
        ::poll(p, 1, 1000);
        if (p[0].revents != 0) ::usleep(30'000);  // let a burst of changes pass
    }
    print_data("\x1b[?1049l\x1b[?25h");
    return 128 + interrupted;
}

}  // namespace

int cmd_list(const Args& args) {
    const Filter filter = read_filter(args);
    const bool json = wants_json(args), lines = args.has("jsonl"), plain = wants_porcelain(args);
    if (args.has("watch")) return watch(args, filter);
    const std::vector<const Column*> columns = parse_columns(args.value("columns").value_or(default_columns));
    const run::View view = run::View::open();
    const bool whole = std::any_of(columns.begin(), columns.end(),
                                   [](const Column* column) { return column->reads == Reads::all; });
    if (json || lines) {
        std::vector<run::Judged> runs, ordered;
        const auto order = gather(args, view, run::Depth::full, filter, false,
                                  [&](run::Judged& run) { runs.push_back(std::move(run)); });
        ordered.reserve(order.size());
        for (const std::uint32_t row : order) ordered.push_back(std::move(runs[row]));
        print_data(runs_json("run.list", ordered, view, lines));
    } else if (plain) {
        Porcelain rows(columns, args.has("zero") ? '\0' : '\n', view);
        const auto order = gather(args, view, whole ? run::Depth::full : run::Depth::head, filter, false,
                                  [&](const run::Judged& run) { rows.add(run); });
        print_data(rows.render(order));
    } else if (args.has("jobs")) {
        print(jobs(args, view, filter, use_color(args, STDOUT_FILENO)));
    } else {
        const bool terminal = sys::is_terminal(STDOUT_FILENO);
        const text::Page text =
            table(args, view, filter, terminal ? sys::terminal_size(STDOUT_FILENO).columns : 0,
                  use_color(args, STDOUT_FILENO), false);
        if (!text.empty())
            print(text);
        else if (terminal)
            say(args.words.empty() && !filter.live ? "no runs" : "no matching runs");
    }
    return 0;
}

}  // namespace sigmund::cli
