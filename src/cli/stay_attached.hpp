// SPDX-License-Identifier: Apache-2.0
// What `attach` and --attach share.
#pragma once
#include "config/config.hpp"
#include "ops/attach.hpp"
#include "text/detach_keys.hpp"

namespace sigmund::cli {

// Returns the keys that detach by the configuration. Throws run::Failure when the setting is wrong.
text::DetachKeys detach_keys(const config::Config& config);

// Says how to detach, stays at the terminal of the run until that ends, and says how it has ended. Returns the exit
// status. `looks`: only to look at it.
int stay_attached(const run::View& view, const run::Record& record, ops::Attachment& attachment,
                  bool looks = false);

}  // namespace sigmund::cli
