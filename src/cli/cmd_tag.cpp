// SPDX-License-Identifier: Apache-2.0
// `tag`: adds tags to runs, or removes them, through their guardians while those live.
#include "cli/cmd.hpp"
#include "cli/targets.hpp"
#include "ops/edit.hpp"
#include "run/id.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_tag(const Args& args) {
    const run::View view = run::View::open();
    if (args.words.empty()) no_target(args, view);
    if (args.words.size() < 2)
        throw Failure(Exit::usage, "usage", "tag needs tags after the target",
                      "sigmund tag web db; --remove removes tags");
    const std::vector<std::string> tags(args.words.begin() + 1, args.words.end());
    for (const std::string& tag : tags)
        if (!run::is_tag(tag))
            throw Failure(Exit::usage, "usage", '"' + tag + "\" is not a valid tag",
                          "letters, digits, '.', '_' and '-', at most 64");
    for (const run::Judged& run : targets_of(view, args, {args.words[0]}))
        ops::change_tags(view.store(), run.record, tags, args.has("remove"));
    return 0;
}

}  // namespace sigmund::cli
