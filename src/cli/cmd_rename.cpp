// SPDX-License-Identifier: Apache-2.0
// `rename`, `tag`: change a run's handles, through its guardian while that lives.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/edit.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

void change_name(run::Record& record, const std::string& value) {
    record.name = value;
}
void change_tags(run::Record& record, const std::string& value) {
    record.tags.clear();
    for (std::size_t at = 0; at < value.size();) {
        const auto end = std::min(value.find(',', at), value.size());
        record.tags.push_back(value.substr(at, end - at));
        at = end + 1;
    }
}

}  // namespace

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
    if (records[0].name != name) ops::edit(store, records[0], "name", name, change_name);
    return 0;
}

int cmd_tag(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    if (args.words.empty()) no_target(args, store, census);
    if (args.words.size() < 2)
        throw Failure(Exit::usage, "usage", "tag needs tags behind the target",
                      "sigmund tag web db; --remove takes tags away");
    for (const run::Record& record : targets_of(store, census, args, {args.words[0]})) {
        std::vector<std::string> tags = record.tags;
        for (std::size_t i = 1; i < args.words.size(); ++i) {
            std::string tag = args.words[i];
            const bool removed = args.has("remove");
            if (!run::is_tag(tag)) throw Failure(Exit::usage, "usage", '"' + tag + "\" is no tag");
            std::erase(tags, tag);
            if (!removed) tags.push_back(tag);
        }
        std::string list;
        for (const std::string& tag : tags) list += (list.empty() ? "" : ",") + tag;
        ops::edit(store, record, "tags", list, change_tags);
    }
    return 0;
}

}  // namespace sigmund::cli
