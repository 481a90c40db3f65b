// SPDX-License-Identifier: Apache-2.0
// `pause`: freezes every process of runs.
#include "cli/cmd.hpp"
#include "cli/perform_on_runs.hpp"

namespace sigmund::cli {

int cmd_pause(const Args& args) {
    return perform_on_runs(args, args.words, {.kind = ops::Deed::Kind::pause});
}

}  // namespace sigmund::cli
