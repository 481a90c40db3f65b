// SPDX-License-Identifier: Apache-2.0
// `send`: writes to the input of a run.
#include <unistd.h>

#include <optional>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "ops/expect.hpp"
#include "ops/send.hpp"
#include "run/failure.hpp"
#include "run/key.hpp"
#include "run/label.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// Returns all of stdin.
std::string read_text() {
    std::string out;
    const int error = sys::read_all(STDIN_FILENO, out, run::unread_limit + 1);
    if (error != 0 && error != EFBIG)
        throw Failure(Exit::usage, "failed", "cannot read stdin: " + sys::describe_errno(error));
    return out;
}

int wait_for(ops::Expectation& expectation, const run::Record& record, const std::string& expression,
             sys::Millis patience) {
    using Outcome = ops::Expectation::Outcome;
    const Outcome outcome =
        expectation.wait(sys::monotonic_ms() + patience, [](const std::string& line) { print(line + '\n'); });
    if (outcome == Outcome::matched) return 0;
    if (outcome == Outcome::timed_out)
        throw Failure(Exit::timed_out, "timed_out",
                      label(record) + " printed no line that matches " + expression + " within " +
                          text::format_duration(patience, true),
                      "", record.id);
    throw Failure(Exit::usage, "failed",
                  label(record) + " has ended, and printed no line that matches " + expression, "",
                  record.id);
}

}  // namespace

int cmd_send(const Args& args) {
    const run::View view = run::View::open();
    if (args.words.empty()) no_target(args, view);
    const std::vector<std::string> texts(args.words.begin() + 1, args.words.end());
    const bool eof = args.has("eof");
    const auto keys = args.all("key");
    for (const std::string& key : keys)
        if (!run::key_bytes(key))
            throw Failure::of_option("key", '"' + key + "\" is not a key",
                                     "for example enter, ctrl-c, up or f1");
    if (texts.empty() && !eof && keys.empty())
        throw Failure(Exit::usage, "usage", "send needs a text",
                      "sigmund send " + args.words[0] + " 'a line'");
    const auto runs = some_targets_of(view, args, {args.words[0]});
    const bool copies = texts.size() == 1 && texts[0] == "-";
    std::string bytes;
    if (copies)
        bytes = read_text();
    else
        for (const std::string& text : texts) bytes += (&text == &texts.front() ? "" : " ") + text;
    const bool line = !copies && !texts.empty() && !args.has("no-newline") && keys.empty();
    std::optional<ops::Expectation> expectation;
    if (const auto expression = args.value("wait")) {
        if (runs.size() != 1)
            throw Failure(
                Exit::ambiguous, "ambiguous",
                "--wait is for one run, and " + args.words[0] + " stands for " + std::to_string(runs.size()));
        expectation.emplace(view, runs[0], *expression);
    } else if (args.has("timeout")) {
        throw Failure::of_option("timeout", "it belongs to --wait");
    }
    const sys::Millis patience = duration_option(args, "timeout").value_or(30'000);
    for (const run::Judged& run : runs) {
        if (line) ops::send(view, run, run::Sent::line, bytes);
        if (!line && !texts.empty()) ops::send(view, run, run::Sent::text, bytes);
        for (const std::string& key : keys) ops::send(view, run, run::Sent::key, key);
        if (eof) ops::send(view, run, run::Sent::eof, "");
    }
    return expectation ? wait_for(*expectation, runs[0].record, *args.value("wait"), patience) : 0;
}

}  // namespace sigmund::cli
