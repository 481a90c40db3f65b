// SPDX-License-Identifier: Apache-2.0
#include "cli/perform_on_runs.hpp"

#include <algorithm>

#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

int perform_on_runs(const Args& args, const std::vector<std::string>& words, const ops::Deed& deed) {
    const run::View view = run::View::open();
    int exit = 0;
    for (const run::Judged& run : live_targets_of(view, args, words)) {
        const auto o = ops::perform(view, run, deed);
        exit = std::max(exit, static_cast<int>(o.exit));
        if (o.outcome != run::Outcome::done) say(label(run.record) + ": " + o.why);
        if (!o.suspects.empty()) warn(label(run.record) + ": " + o.why);
    }
    return exit;
}

}  // namespace sigmund::cli
