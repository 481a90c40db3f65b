// SPDX-License-Identifier: Apache-2.0
// Reads what an import needs of a package.json (package-json(5) of npm).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::config {

struct Script {
    std::string name, command;
    bool is_text = true;  // false: the value is no string, and `command` is empty
};

struct Package {
    std::vector<Script> scripts;  // in the order of the file
    std::vector<std::string> workspaces;
    std::string manager;  // as in "pnpm@9.1.0"; empty: none is named
};

// `path` is the name of the file for messages. Throws run::Failure (usage), which names the line, for what is no JSON
// object, or has more than 1,000 scripts.
Package read_package(std::string_view content, const std::string& path);

}  // namespace sigmund::config
