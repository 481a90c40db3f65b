// SPDX-License-Identifier: Apache-2.0
// Templates of the configuration, as `up` and `config` name and show them.
#pragma once
#include <string>

#include "config/config.hpp"

namespace sigmund::cli {

// The command of a template, for people.
std::string template_text(const config::Template& found);
// Throws run::Failure (5), with the nearest name, when there is no such template.
const config::Template& named_template(const config::Config& config, const std::string& name);

}  // namespace sigmund::cli
