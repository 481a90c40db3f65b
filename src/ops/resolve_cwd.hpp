// SPDX-License-Identifier: Apache-2.0
// Where a run belongs: the folder that its command runs in, and the project of that folder.
#pragma once
#include "run/spec.hpp"

namespace sigmund::ops {

// Makes spec.cwd, the folder that the command runs in, absolute (empty: the current folder), and finds its
// project, unless the spec is already in one. Throws Failure.
void resolve_cwd(run::Spec& spec);

}  // namespace sigmund::ops
