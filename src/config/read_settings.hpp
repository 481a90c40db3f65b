// SPDX-License-Identifier: Apache-2.0
// Reads the values of a configuration file as the words of a command line.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/toml.hpp"
#include "run/option.hpp"

namespace sigmund::config {

// Makes the row of a key that is no launch option.
constexpr run::Option key(std::string_view name, run::Value value = run::Value::required) {
    return {name, 0, value, "", ""};
}

// Each of these functions throws run::Failure, which names the line and the nearest key.

// Refuses a key that is not among `names`.
[[noreturn]] void unknown_key(const toml::node& node, std::string_view name,
                              std::span<const std::string_view> names);

// Returns a string or a number as text.
std::string scalar(const toml::node& node);

// Reads the value of a key. Relative paths in it begin in `folder`.
Setting read_setting(const run::Option& option, const toml::node& node, const std::string& folder);

// Reads a table that has nothing but these keys.
void read_table(const toml::table& table, std::span<const run::Option> keys, const std::string& folder,
                std::vector<Setting>& out);

}  // namespace sigmund::config
