// SPDX-License-Identifier: Apache-2.0
// The command line and the configuration together: what a start is asked for, templates, retention.
#pragma once
#include "cli/args.hpp"
#include "config/config.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// Reads the configuration; with `project` also the templates of the project of the current folder.
config::Config load_config(bool project);
// Sets options from [defaults] or from a template that the command line does not have, and remembers where
// they come from.
void add_settings(Args& args, const std::vector<config::Setting>& settings);
// Returns the spec that the launch options ask for; its command is still to be set. Throws run::Failure, which
// names the file and the line where the wrong option comes from a file.
run::Spec read_configured_spec(const Args& args);
// Does as [retention] says: removes finished runs that are too old or too many.
void apply_retention(const config::Config& config);

}  // namespace sigmund::cli
