// SPDX-License-Identifier: Apache-2.0
// `config --from` and `config --systemd`: the formats of other tools. What cannot be said in the other format is
// told on stderr.
#pragma once
#include <string>

namespace sigmund::cli {

// Prints a sigmund.toml that is made from this file. Returns the exit status.
int print_import(const std::string& path);
// Prints the template of this name as a user unit of systemd. Returns the exit status.
int print_unit(const std::string& name);

}  // namespace sigmund::cli
