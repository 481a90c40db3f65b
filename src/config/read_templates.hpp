// SPDX-License-Identifier: Apache-2.0
// Reads the templates of a configuration file: [run.NAME].
#pragma once
#include <span>
#include <string>

#include "config/config.hpp"
#include "config/toml.hpp"
#include "run/option.hpp"

namespace sigmund::config {

struct TemplateSource {
    std::string folder;  // of the file
    bool of_project = false;
    std::span<const run::Option> options = {};
    bool readable_only = false;  // leave out launch options, and whatever is wrong
};

// Adds the templates of the table `run` in the order of the file, but not those whose names are already there: the
// project takes precedence over the user. Throws run::Failure, unless only what is readable is wanted.
void read_templates(const toml::table& table, const TemplateSource& source, Config& out);

}  // namespace sigmund::config
