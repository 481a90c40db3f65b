// SPDX-License-Identifier: Apache-2.0
// Finds known causes of an end in the last lines of a log.
#include <algorithm>
#include <cstring>

#include "ops/explain.hpp"
#include "text/lower.hpp"

namespace sigmund::ops {

std::vector<Cause> causes_in_log(const std::vector<std::string>& lines, int& port) {
    struct Pattern {
        const char* text;
        const char* code;
        const char* what;
    };
    static constexpr Pattern patterns[] = {
        {"address already in use", "address-in-use", "address already in use"},
        {"eaddrinuse", "address-in-use", "address already in use"},
        {"no space left on device", "disk-full", "no space left on a disk"},
        {"permission denied", "permission", "permission denied"},
        {"too many open files", "descriptors", "too many open files (see --rlimit nofile)"},
        {"memoryerror", "memory", "out of memory"},
        {"bad_alloc", "memory", "out of memory"},
        {"cannot allocate memory", "memory", "out of memory"},
        {"out of memory", "memory", "out of memory"},
        {"connection refused", "connection", "a service that it needs refused the connection"},
        {"no such file or directory", "missing-file", "a file was not found"},
        {"command not found", "missing-command", "a command was not found"},
    };
    port = 0;
    std::vector<Cause> out;
    const std::size_t from = lines.size() > 30 ? lines.size() - 30 : 0;
    for (std::size_t i = lines.size(); i-- > from;) {
        const std::string line = text::lower(lines[i]);
        for (const Pattern& pattern : patterns) {
            if (line.find(pattern.text) == std::string::npos) continue;
            const bool known =
                std::any_of(out.begin(), out.end(), [&](const Cause& c) { return c.code == pattern.code; });
            if (known) continue;
            out.push_back({65, pattern.code, pattern.what, {"its log: " + lines[i].substr(0, 200)}, ""});
            if (std::strcmp(pattern.code, "address-in-use") != 0) continue;
            // The last number after a colon or the word "port" that can be a port is taken.
            for (std::size_t at = 0; at < line.size(); ++at) {
                const bool marked = line[at] == ':' || (at >= 4 && line.compare(at - 4, 4, "port") == 0);
                if (!marked) continue;
                std::size_t digit = at + 1;
                while (digit < line.size() && line[digit] == ' ') ++digit;
                int value = 0;
                while (digit < line.size() && line[digit] >= '0' && line[digit] <= '9' && value < 100'000)
                    value = value * 10 + (line[digit++] - '0');
                if (value > 0 && value <= 65535) port = value;
            }
        }
    }
    return out;
}

}  // namespace sigmund::ops
