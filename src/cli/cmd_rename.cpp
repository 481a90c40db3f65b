// SPDX-License-Identifier: Apache-2.0
// `rename`, `tag`: change a run's handles, through its guardian while that lives.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/edit.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_rename(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    if (args.words.empty()) no_target(args, store, census);
    if (args.words.size() != 2)
        throw Failure(Exit::usage, "usage", "rename takes a target and a new name",
                      "sigmund rename 7f3c2a web");
    const std::string& name = args.words[1];
    if (const std::string problem = run::name_problem(name); !problem.empty())
        throw Failure(Exit::usage, "usage", '"' + name + "\" is no name: " + problem);
    const auto records = some_targets_of(store, census, args, {args.words[0]});
    if (records.size() != 1)
        throw Failure(Exit::ambiguous, "ambiguous",
                      args.words[0] + " stands for " + std::to_string(records.size()) + " runs");
    if (records[0].name != name) ops::rename(store, records[0], name);
    return 0;
}

int cmd_tag(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    if (args.words.empty()) no_target(args, store, census);
    if (args.words.size() < 2)
        throw Failure(Exit::usage, "usage", "tag needs tags behind the target",
                      "sigmund tag web db; --remove takes tags away");
    const std::vector<std::string> tags(args.words.begin() + 1, args.words.end());
    for (const std::string& tag : tags)
        if (!run::is_tag(tag)) throw Failure(Exit::usage, "usage", '"' + tag + "\" is no tag");
    for (const run::Record& record : targets_of(store, census, args, {args.words[0]}))
        ops::change_tags(store, record, tags, args.has("remove"));
    return 0;
}

}  // namespace sigmund::cli
