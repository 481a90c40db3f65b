// SPDX-License-Identifier: Apache-2.0
// The syntax of environment files (sigmund-run(1), "Environment files"): NAME=VALUE a line, with comments and
// quotes as docker compose and systemd's EnvironmentFile= have them. Nothing is expanded.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

struct EnvEntry {
    std::string name;
    std::optional<std::string> value;  // nothing: the line has no '=', the caller's value is meant
    bool operator==(const EnvEntry&) const = default;
};

struct EnvFile {
    std::vector<EnvEntry> entries;  // in their order
    int bad_line = 0;               // the first line that is wrong, from 1; 0: none
    std::string problem;            // what is wrong with it
};

EnvFile parse_env_file(std::string_view content);

}  // namespace sigmund::text
