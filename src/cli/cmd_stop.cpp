// SPDX-License-Identifier: Apache-2.0
// `stop`: ends runs and all their processes.
#include "cli/cmd.hpp"
#include "cli/end_runs.hpp"
#include "cli/option_values.hpp"

namespace sigmund::cli {

int cmd_stop(const Args& args) {
    ops::StopRequest request;
    request.grace = duration_option(args, "timeout");
    return end_runs(args, request);
}

}  // namespace sigmund::cli
