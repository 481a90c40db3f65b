// SPDX-License-Identifier: Apache-2.0
// `list`: shows the runs, for people and for scripts.
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "cli/cmd.hpp"
#include "cli/list_runs.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_text.hpp"
#include "cli/runs_table.hpp"
#include "cli/stream_runs.hpp"
#include "cli/styles.hpp"
#include "ops/shell_runs.hpp"
#include "run/shell_session.hpp"
#include "sys/inotify.hpp"
#include "sys/terminal.hpp"
#include "text/fold.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// Returns whether the person wants an overview: on a terminal, the live runs and the newest of the others.
bool wants_overview(const Args& args) {
    if (!args.words.empty() || !sys::is_terminal(STDOUT_FILENO)) return false;
    for (const char* option :
         {"all", "live", "state", "here", "shell", "orphaned", "begins", "sort", "limit"})
        if (args.has(option)) return false;
    return true;
}

// Returns the line about the runs that an overview leaves out.
std::string more_text(const Listing& listing) {
    const std::string failed =
        listing.failed.value_or(0) > 0 ? ", " + std::to_string(*listing.failed) + " failed" : "";
    return "... and " + std::to_string(listing.more) + " more" + failed + ": sigmund list --all";
}

// Returns the table for people; empty when there is no run.
text::Page table(const Args& args, const run::View& view, const Filter& filter, const TableLook& look,
                 bool quiet) {
    RunsTable rows(view);
    // Of thousands, only the heads are read.
    const bool few = wants_overview(args) || !args.words.empty() || filter.limit;
    const Search search{filter, few ? Needs::all : Needs::all_of_live, wants_overview(args), quiet};
    const Listing listing = gather(args, view, search, [&](run::Judged&& run) { rows.add(run); });
    text::Page out;
    if (!listing.order.empty()) out = rows.render(listing.order, look);
    if (listing.more > 0) out.line(more_text(listing));
    return out;
}

TableLook look_of(const Args& args, std::size_t width) {
    return {width, use_color(args, STDOUT_FILENO), args.has("wide")};
}

void print_json(const Args& args, const run::View& view, const Filter& filter) {
    // Only live runs are kept. Of the others the id is enough: their files are read once more, one by one.
    std::vector<std::array<char, 11>> ids;
    std::unordered_map<std::uint32_t, run::Judged> live;
    const Listing listing = gather(args, view, {filter, Needs::all_of_live}, [&](run::Judged&& run) {
        auto& id = ids.emplace_back();
        id[run.record.id.copy(id.data(), id.size() - 1)] = '\0';
        if (run.live()) live.emplace(static_cast<std::uint32_t>(ids.size() - 1), std::move(run));
    });
    RunsStream out("run.list", args.has("jsonl"), view);
    for (const std::uint32_t row : listing.order) {
        if (const auto run = live.find(row); run != live.end()) {
            out.add(run->second);
        } else if (const std::string id = ids[row].data(); !out.add_finished(id)) {
            // The run may have become another one since, or its record may be gone.
            const auto now = view.find(id);
            if (now && filter.passes(*now)) out.add(*now);
        }
    }
    out.end();
}

void print_porcelain(const Args& args, const run::View& view, const Filter& filter) {
    const auto columns = parse_columns(args.value("columns").value_or(default_columns));
    const bool whole = std::any_of(columns.begin(), columns.end(),
                                   [](const Column* column) { return column->reads == Reads::all; });
    Porcelain rows(columns, args.has("zero") ? '\0' : '\n', view);
    const Listing listing = gather(args, view, {filter, whole ? Needs::all : Needs::head},
                                   [&](run::Judged&& run) { rows.add(run); });
    print_data(rows.render(listing.order));
}

void print_ids(const Args& args, const run::View& view, const Filter& filter) {
    std::vector<std::string> ids;
    const Listing listing = gather(args, view, {filter, Needs::head, wants_overview(args)},
                                   [&](run::Judged&& run) { ids.push_back(run.record.id); });
    std::string out;
    for (const std::uint32_t row : listing.order) out += ids[row] + '\n';
    print_data(out);
}

// Returns the lines of sigmund_jobs. What an interrupted adoption or a killed guardian has left in the folder
// of the shell is removed, so that the number in its prompt is right again.
text::Page jobs(const Args& args, const run::View& view, const Filter& filter, bool color) {
    if (filter.shell && *filter.shell == run::current_shell())
        ops::live_runs_of_shell(ops::views_of_shell(*filter.shell), *filter.shell);
    std::vector<text::Page> lines;
    const Listing listing = gather(args, view, {filter, Needs::all},
                                   [&](run::Judged&& run) { lines.push_back(job_line(run, view, color)); });
    text::Page out;
    for (const std::uint32_t row : listing.order) out.add(lines[row]);
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
    print_data("\x1b[?25l\x1b[?1049h");
    while (!interrupted) {
        const run::View view = run::View::open();
        // Where inotify's limits are reached, the table is only redrawn every second.
        const sys::Fd notes = sys::open_inotify();
        if (view.store().present())
            sys::add_watch(notes, view.store().path(), IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
        const auto size = sys::terminal_size(STDOUT_FILENO);
        std::string text = table(args, view, filter, look_of(args, size.columns), true).text();
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
    const bool json = wants_json(args) || args.has("jsonl"), plain = wants_porcelain(args);
    if (args.has("watch")) return watch(args, filter);
    if (const auto columns = args.value("columns")) parse_columns(*columns);  // refuses unknown ones
    const run::View view = run::View::open();
    if (json) {
        print_json(args, view, filter);
    } else if (plain) {
        print_porcelain(args, view, filter);
    } else if (args.has("quiet")) {
        print_ids(args, view, filter);
    } else if (args.has("jobs")) {
        print(text::cut(jobs(args, view, filter, use_color(args, STDOUT_FILENO)), output_columns()));
    } else {
        const text::Page text = table(args, view, filter, look_of(args, output_columns()), false);
        if (!text.empty())
            print(text);
        else if (sys::is_terminal(STDOUT_FILENO))
            say(args.words.empty() && !filter.live ? "no runs" : "no matching runs");
    }
    return 0;
}

}  // namespace sigmund::cli
