// SPDX-License-Identifier: Apache-2.0
// `tail`, `dump`, `logs`: the output of runs.
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/render_text.hpp"
#include "ops/follow.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

std::vector<std::string> prefixes_for(const std::vector<run::Record>& records, bool color) {
    if (records.size() < 2) return {};
    std::size_t width = 0;
    for (const run::Record& r : records)
        width = std::max(width, r.name.empty() ? r.id.size() : r.name.size());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        std::string name =
            text::escape_for_display(records[i].name.empty() ? records[i].id : records[i].name);
        name.resize(width, ' ');
        if (color) name = "\x1b[3" + std::to_string(1 + (i + 1) % 6) + 'm' + name + "\x1b[0m";
        out.push_back(name + " | ");
    }
    return out;
}

int copy_logs(const Args& args, bool may_follow) {
    const run::Store store = run::Store::open();
    const run::Census census;
    const auto records = targets_of(store, census, args, args.words);
    if (records.empty()) return 0;
    bool live = false;
    for (const run::Record& r : records) live = live || run::verdict_of(r, store, census).live();
    ops::FollowRequest request;
    request.follow = may_follow && live;
    request.start.lines = may_follow && live ? 10 : -1;
    if (const auto lines = args.value("lines"))
        request.start.lines = *lines == "all" ? -1 : *number_option(args, "lines", 0);
    if (const auto ago = duration_option(args, "since")) request.start.since = sys::realtime_ms() - *ago;
    if (args.has("jsonl")) {
        print_data(log_head_json());
        request.form = [&records](std::size_t run, bool error, int worker, std::string_view line) {
            return log_line_json(records[run], error, worker, line);
        };
    } else {
        request.prefixes = prefixes_for(records, use_color(args, STDOUT_FILENO));
    }
    if (request.follow)
        detach_on_signal(records.size() == 1 ? label(records[0]) + " goes on" : "the runs go on",
                         records.size() == 1 ? "sigmund stop " + records[0].id : "");
    const auto outcomes = ops::follow(store, records, request);
    end_open_lines(outcomes);
    for (std::size_t i = 0; i < records.size(); ++i)
        if (outcomes[i].untimed)
            say("--since: the lines of " + label(records[i]) + " carry no times; all of it was shown");
    return 0;
}

}  // namespace

int cmd_tail(const Args& args) {
    return copy_logs(args, !args.has("no-follow"));
}
int cmd_dump(const Args& args) {
    return copy_logs(args, false);
}
int cmd_logs(const Args& args) {
    return copy_logs(args, args.has("follow"));
}

}  // namespace sigmund::cli
