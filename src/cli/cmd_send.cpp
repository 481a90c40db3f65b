// SPDX-License-Identifier: Apache-2.0
// `send`: writes to the input of a run.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/targets.hpp"
#include "ops/send.hpp"
#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"

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

}  // namespace

int cmd_send(const Args& args) {
    const run::View view = run::View::open();
    if (args.words.empty()) no_target(args, view);
    const std::vector<std::string> texts(args.words.begin() + 1, args.words.end());
    const bool eof = args.has("eof");
    if (texts.empty() && !eof)
        throw Failure(Exit::usage, "usage", "send needs a text",
                      "sigmund send " + args.words[0] + " 'a line'");
    const auto runs = some_targets_of(view, args, {args.words[0]});
    const bool copies = texts.size() == 1 && texts[0] == "-";
    std::string bytes;
    if (copies)
        bytes = read_text();
    else
        for (const std::string& text : texts) bytes += (&text == &texts.front() ? "" : " ") + text;
    const bool line = !copies && !texts.empty() && !args.has("no-newline");
    if (line && eof) bytes += '\n';
    for (const run::Judged& run : runs)
        ops::send(view, run, eof ? run::Sent::eof : line ? run::Sent::line : run::Sent::text, bytes);
    return 0;
}

}  // namespace sigmund::cli
