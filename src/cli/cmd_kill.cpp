// SPDX-License-Identifier: Apache-2.0
// `kill`: ends runs at once, by SIGKILL.
#include "cli/cmd.hpp"
#include "cli/end_runs.hpp"

namespace sigmund::cli {

int cmd_kill(const Args& args) {
    ops::StopRequest request;
    request.now = true;
    return end_runs(args, request);
}

}  // namespace sigmund::cli
