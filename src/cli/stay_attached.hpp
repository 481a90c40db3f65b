// SPDX-License-Identifier: Apache-2.0
// What `attach` and --attach share.
#pragma once
#include "ops/attach.hpp"

namespace sigmund::cli {

// Says how to detach, stays at the terminal of the run until that ends, and says how it has ended. Returns the exit
// status. `looks`: only to look at it.
int stay_attached(const run::View& view, const run::Record& record, ops::Attachment& attachment,
                  bool looks = false);

}  // namespace sigmund::cli
