// SPDX-License-Identifier: Apache-2.0
// `logs`: prints logs, and follows them only when asked to.
#include "cli/cmd.hpp"
#include "cli/copy_logs.hpp"

namespace sigmund::cli {

int cmd_logs(const Args& args) {
    return copy_logs(args, args.has("follow"));
}

}  // namespace sigmund::cli
