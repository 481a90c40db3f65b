// SPDX-License-Identifier: Apache-2.0
// The configuration brought to the command line: defaults that the line does not set, templates, retention.
#pragma once
#include "cli/args.hpp"
#include "config/config.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// `project`: with the project's templates, looked for from the current folder.
config::Config load_config(bool project);
// Values of [defaults] or of a template, for options that the line has not; where they come from is
// remembered.
void add_settings(Args& args, const std::vector<config::Setting>& settings);
// The spec of `args` (read_spec_options); its complaint about an option from a file names the line there.
run::Spec read_configured_spec(const Args& args);
// [retention]: finished runs that are too old or too many go.
void apply_retention(const config::Config& config);

}  // namespace sigmund::cli
