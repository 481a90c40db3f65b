// SPDX-License-Identifier: Apache-2.0
// Opens the files of a start. Each of these functions throws run::Failure (125), which says why it cannot.
#pragma once
#include "guard/plan.hpp"
#include "run/spec.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

// Opens the folder that the command runs in, and the file that becomes its stdin.
void open_folder_and_stdin(guard::Plan& plan, const run::Spec& spec);

// Reserves an id, and creates its log in the store unless the log is elsewhere.
run::Reservation reserve_id(const run::Store& store, const run::Spec& spec);

// Opens the log, which the store has made in `reserved` unless it is elsewhere, and the log of stderr where it has
// one of its own. The record of the plan must have its id.
void open_logs(guard::Plan& plan, const run::Spec& spec, sys::Fd reserved);

}  // namespace sigmund::ops
