// SPDX-License-Identifier: Apache-2.0
// The way out for a word that names no run, but a template or a group of templates.
#pragma once
#include "cli/args.hpp"
#include "run/target.hpp"

namespace sigmund::cli {

// Gives the failure a hint if its target is a template or a group of the project that `args` mean: the command that
// starts it, or, for a group with live runs, the one that does what the verb says to all of them. Else it suggests the
// nearest of these names, unless there is a better hint already. Does nothing to another failure than "no run NAME".
void add_stack_hint(run::Failure& failure, const run::View& view, const Args& args,
                    const run::Search& search);

}  // namespace sigmund::cli
