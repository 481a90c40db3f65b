// SPDX-License-Identifier: Apache-2.0
// Environment files: names are valid, no NUL reaches a value, and an error has an existing line.
#include <algorithm>

#include "fuzz.hpp"
#include "text/env_file.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(env_file) {
    const EnvFile file = parse_env_file(input);
    const auto lines = std::count(input.begin(), input.end(), '\n') + 1;
    must(file.bad_line >= 0 && file.bad_line <= lines);
    must((file.bad_line == 0) == file.problem.empty());
    for (const EnvEntry& entry : file.entries) {
        must(!entry.name.empty() && entry.name.find_first_of("= \t\r\n\"'") == std::string::npos);
        must(entry.name.find('\0') == std::string::npos);
        if (entry.value && file.bad_line == 0) must(entry.value->find('\0') == std::string::npos);
    }
}
