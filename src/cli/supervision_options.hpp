// SPDX-License-Identifier: Apache-2.0
// The launch options of supervision: restart, readiness, health, pool, watch, leases, log rotation.
#pragma once
#include "cli/args.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// Throws run::Failure (usage) that names option and value. Paths are taken from the caller's folder;
// `spec.cwd` may still be relative.
void read_supervision_options(const Args& args, run::Spec& spec);

// A path as given on the line, from the caller's folder.
std::string absolute(const std::string& path);

}  // namespace sigmund::cli
