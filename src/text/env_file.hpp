// SPDX-License-Identifier: Apache-2.0
// This file parses environment files (sigmund-run(1), "Environment files"): one NAME=VALUE per line, with
// comments and quotes as in docker compose and systemd's EnvironmentFile=. Nothing is expanded.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

struct EnvEntry {
    std::string name;
    std::optional<std::string> value;  // nothing: the line has no '=', so the caller's value is meant
    bool operator==(const EnvEntry&) const = default;
};

struct EnvFile {
    std::vector<EnvEntry> entries;  // in the order of the file
    int bad_line = 0;               // the number of the first wrong line, from 1; 0: none
    std::string problem;            // what is wrong with it
};

// Parses the content of a file. When a line is wrong, `bad_line` and `problem` are set.
EnvFile parse_env_file(std::string_view content);

}  // namespace sigmund::text
