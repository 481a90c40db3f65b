// SPDX-License-Identifier: Apache-2.0
// `tail`: follows the logs of runs.
#include "cli/cmd.hpp"
#include "cli/copy_logs.hpp"

namespace sigmund::cli {

int cmd_tail(const Args& args) {
    return copy_logs(args, !args.has("no-follow"));
}

}  // namespace sigmund::cli
