// SPDX-License-Identifier: Apache-2.0
#include "cli/copy_logs.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "ops/follow.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "text/escape.hpp"
#include "text/expression.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {
namespace {

std::vector<std::string> prefixes_for(const std::vector<run::Judged>& runs, bool color) {
    if (runs.size() < 2) return {};
    std::map<std::string, int> bearers;  // runs of several projects may have the same name
    for (const run::Judged& run : runs) ++bearers[short_label(run.record)];
    const auto called = [&](const run::Record& record) {
        return bearers[short_label(record)] > 1 ? label(record) : short_label(record);
    };
    std::size_t width = 0;
    for (const run::Judged& run : runs) width = std::max(width, called(run.record).size());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::string name = text::escape_for_display(called(runs[i].record));
        name.resize(width, ' ');
        if (color) name = "\x1b[3" + std::to_string(1 + (i + 1) % 6) + 'm' + name + "\x1b[0m";
        out.push_back(name + " | ");
    }
    return out;
}

ops::LogText text_option(const Args& args) {
    const bool raw = args.has("raw"), plain = args.has("plain");
    if (raw && plain) throw run::Failure(run::Exit::usage, "usage", "--raw and --plain exclude each other");
    return raw ? ops::LogText::bytes : plain ? ops::LogText::plain : ops::LogText::by_place;
}

// Who follows all runs of a kind wants to see what they write from now on, and not the logs of those that are over.
std::vector<run::Judged> runs_to_copy(const Args& args, const run::View& view, bool may_follow) {
    if (!may_follow || !all_plural(args.words)) return targets_of(view, args, args.words);
    auto runs = live_targets_of(view, args, args.words);
    if (runs.empty())
        say("none of these runs is live; sigmund logs " + text::quote(args.words) +
            " prints the logs of those that are over");
    return runs;
}

// What the options for lines say. `matching` outlives the request.
void choose_lines(const Args& args, const text::Expression* matching, ops::FollowRequest& request) {
    if (const auto since = time_option(args, "since")) request.start.since = *since;
    if (const auto until = time_option(args, "until")) request.choice.until = *until;
    if (args.has("grep") && !matching->valid())
        throw run::Failure(run::Exit::usage, "usage",
                           "--grep: \"" + *args.value("grep") + "\" is not an extended regular expression");
    if (args.has("grep")) request.choice.matching = matching;
    const bool lines_given = args.has("lines") || (request.follow && request.start.since < 0);
    if (!lines_given || (request.choice.all() && request.start.since < 0)) return;
    // The last ones of the lines that are chosen.
    request.last = std::exchange(request.start.lines, -1);
}

// Says for which runs the times that were asked for are not known.
void report_untimed(const Args& args, const std::vector<run::Judged>& runs,
                    const std::vector<ops::FollowOutcome>& outcomes) {
    const char* const option = args.has("since") ? "--since" : args.has("until") ? "--until" : nullptr;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!outcomes[i].untimed) continue;
        const std::string untimed = "the lines of " + label(runs[i].record) + " carry no times";
        say(option ? std::string(option) + ": " + untimed + ", so all of them were printed"
                   : "--timestamps: " + untimed + "; a start with --log-times keeps them");
    }
}

}  // namespace

int copy_logs(const Args& args, bool may_follow) {
    const run::View view = run::View::open();
    const auto runs = runs_to_copy(args, view, may_follow);
    if (runs.empty()) return 0;
    const bool live =
        std::any_of(runs.begin(), runs.end(), [](const run::Judged& run) { return run.live(); });
    ops::FollowRequest request;
    request.follow = may_follow && live && !args.has("until");
    const bool chosen = args.has("since") || args.has("until") || args.has("grep");
    request.start.lines = may_follow && (request.follow || !chosen) ? 10 : -1;
    if (const auto lines = args.value("lines"))
        request.start.lines = *lines == "all" ? -1 : *number_option(args, "lines", 0);
    const text::Expression matching(args.value("grep").value_or(""));
    choose_lines(args, &matching, request);
    request.text = text_option(args);
    request.stamps = args.has("timestamps");
    if (args.has("jsonl")) {
        print_data(log_head_json());
        request.tells_times = true;
        request.form = [&runs](std::size_t run, bool error, int worker, const ops::LogLine& line) {
            return log_line_json(runs[run].record, error, worker, line);
        };
    } else {
        request.prefixes =
            prefixes_for(runs, request.text != ops::LogText::plain && use_color(args, STDOUT_FILENO));
    }
    if (request.follow)
        detach_on_signal(
            runs.size() == 1 ? label(runs[0].record) + " keeps running" : "the runs keep running",
            runs.size() == 1 ? "sigmund stop " + run::handle(view, runs[0].record) : "", true);
    const auto outcomes = ops::follow(view, runs, request);
    end_open_lines(outcomes);
    report_untimed(args, runs, outcomes);
    return 0;
}

}  // namespace sigmund::cli
