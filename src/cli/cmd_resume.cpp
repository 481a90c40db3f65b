// SPDX-License-Identifier: Apache-2.0
// `resume`: continues paused runs.
#include "cli/cmd.hpp"
#include "cli/perform_on_runs.hpp"

namespace sigmund::cli {

int cmd_resume(const Args& args) {
    return perform_on_runs(args, args.words, {.kind = ops::Deed::Kind::resume});
}

}  // namespace sigmund::cli
