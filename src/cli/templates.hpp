// SPDX-License-Identifier: Apache-2.0
// The templates of the configuration, for `up` and `config`.
#pragma once
#include <string>

#include "config/config.hpp"

namespace sigmund::cli {

// Returns the command of a template, for people.
std::string template_text(const config::Template& found);
// Returns the template of this name. Throws run::Failure (5), which suggests the nearest name, when there is
// none.
const config::Template& named_template(const config::Config& config, const std::string& name);

}  // namespace sigmund::cli
