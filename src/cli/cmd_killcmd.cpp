// SPDX-License-Identifier: Apache-2.0
// `killcmd`: prints the kill command for the process groups of runs.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "ops/groups.hpp"
#include "ops/members.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

using run::Exit;

int cmd_killcmd(const Args& args) {
    const run::View view = run::View::open();
    const run::Census& census = view.census();
    int exit = 0;
    for (const run::Judged& run : targets_of(view, args, args.words)) {
        const auto& [record, verdict] = run;
        if (verdict.state == run::State::stale) {
            say("refused: " + label(record) + ": " + verdict.why);
            exit = std::max(exit, static_cast<int>(Exit::refused));
            continue;
        }
        if (!verdict.live()) {
            say(label(record) + ": it has ended, so there is no group to signal");
            exit = std::max(exit, static_cast<int>(Exit::usage));
            continue;
        }
        // Processes that now belong to another user can be ended only by root.
        const auto members = census.members(record);
        const std::vector<pid_t> foreign = ops::not_permitted(members);
        const auto groups = ops::proven_groups(record, census);
        if (groups.empty() && foreign.empty()) {
            say("refused: " + label(record) + ": no living process of it is left in group " +
                std::to_string(record.pgid));
            const std::string word = run::handle(view, record);
            say("hint: `sigmund tree " + word + "` shows its processes, and `sigmund stop " + word +
                "` ends them");
            exit = std::max(exit, static_cast<int>(Exit::refused));
            continue;
        }
        if (!groups.empty() && foreign.size() < members.size()) {
            std::string command = "kill -TERM --";
            for (const pid_t group : groups) command += " -" + std::to_string(group);
            print(command + '\n');
        }
        if (!foreign.empty()) print(ops::sudo_kill(foreign) + '\n');
    }
    return exit;
}

}  // namespace sigmund::cli
