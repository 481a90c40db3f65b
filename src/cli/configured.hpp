// SPDX-License-Identifier: Apache-2.0
// Combines the command line and the configuration: the options of a start, templates, retention.
#pragma once
#include "cli/args.hpp"
#include "config/config.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// Reads the configuration; with `project`, also the templates of the project of the current folder.
config::Config load_config(bool project);
// Sets the options from [defaults] or a template that are not on the command line, and remembers where they
// come from.
void add_settings(Args& args, const std::vector<config::Setting>& settings);
// Returns the spec that the launch options ask for, without a command. Throws run::Failure, which names the
// file and the line if the wrong option comes from a file.
run::Spec read_configured_spec(const Args& args);
// Carries out [retention]: removes finished runs that are too old or too many.
bool has_retention(const config::Config& config);
void apply_retention(const config::Config& config);

}  // namespace sigmund::cli
