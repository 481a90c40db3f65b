// SPDX-License-Identifier: Apache-2.0
// `signal`: sends a signal to runs.
#include "cli/cmd.hpp"
#include "cli/perform_on_runs.hpp"
#include "run/known_words.hpp"
#include "sys/signals.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_signal(const Args& args) {
    if (args.words.empty())
        throw Failure(Exit::usage, "usage", "signal needs a signal and a target", "sigmund signal HUP web");
    // There is a hint about the order of the words only if the other word is a signal.
    if (args.words.size() == 2 && !sys::parse_signal(args.words[0]) && sys::parse_signal(args.words[1]))
        throw Failure(Exit::usage, "usage", '"' + args.words[0] + "\" is not a signal",
                      "the signal comes first: sigmund signal " + args.words[1] + ' ' + args.words[0]);
    const int signal = run::signal_word("", args.words[0]);
    return perform_on_runs(args, {args.words.begin() + 1, args.words.end()},
                           {.kind = ops::Deed::Kind::signal,
                            .signal = signal,
                            .reach = args.has("every")    ? run::Reach::every
                                     : args.has("leader") ? run::Reach::leader
                                                          : run::Reach::group});
}

}  // namespace sigmund::cli
