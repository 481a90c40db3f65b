// SPDX-License-Identifier: Apache-2.0
// `detach`: ends the attachments of other terminals.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "ops/attach.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

int cmd_detach(const Args& args) {
    const run::View view = run::View::open();
    for (const run::Judged& run : some_targets_of(view, args, args.words)) {
        const long long count =
            ops::detach(view, run, args.has("all") ? run::Viewers::all : run::Viewers::one);
        if (count == 0) say("no terminal is attached to " + label(run.record));
    }
    return 0;
}

}  // namespace sigmund::cli
