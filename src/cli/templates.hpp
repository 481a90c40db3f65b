// SPDX-License-Identifier: Apache-2.0
// The templates of the configuration, for `up` and `config`.
#pragma once
#include <string>

#include "config/config.hpp"

namespace sigmund::cli {

// Returns the command of a template, for people.
std::string template_text(const config::Template& found);
// Says that the project has no sigmund.toml, and that the one of another checkout around it is not used.
std::string no_own_file(const config::Config& config);
// Returns the template of this name. Throws run::Failure (5), which suggests the nearest name, when there is
// none.
const config::Template& named_template(const config::Config& config, const std::string& name);

}  // namespace sigmund::cli
