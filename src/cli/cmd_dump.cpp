// SPDX-License-Identifier: Apache-2.0
// `dump`: prints whole logs.
#include "cli/cmd.hpp"
#include "cli/copy_logs.hpp"

namespace sigmund::cli {

int cmd_dump(const Args& args) {
    return copy_logs(args, false);
}

}  // namespace sigmund::cli
