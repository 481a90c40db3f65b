// SPDX-License-Identifier: Apache-2.0
// `top`: a full-screen view of the runs and their logs.
#include "cli/cmd.hpp"
#include "top/top.hpp"

namespace sigmund::cli {

int cmd_top(const Args&) {
    return top::show();
}

}  // namespace sigmund::cli
