// SPDX-License-Identifier: Apache-2.0
// How a run proves that it is ready, and what it watches: the words of --ready and --watch as values.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::run {

struct Probe {
    enum class Kind : std::uint8_t { tcp, unix_socket, file, log, http, command, notify };
    Kind kind = Kind::tcp;
    std::string text;  // the words that were given
    std::string host;  // tcp, http: a numeric address
    int port = 0;
    // unix, file: the path; http: the requested path, at least "/"; log: the expression; cmd: the command.
    std::string path;
};

// Reads tcp:[HOST:]PORT, unix:PATH, file:PATH, log:REGEX, http:[//]HOST[:PORT][/PATH], cmd:COMMAND or notify.
// Relative paths begin in `cwd`. Returns nothing when the text has none of these forms; `problem` then says
// why.
std::optional<Probe> parse_probe(std::string_view text, const std::string& cwd, std::string& problem);

struct WatchSpec {
    std::vector<std::string> paths;       // absolute
    std::vector<std::string> extensions;  // ".c"; empty: every file
    // Globs: absolute paths, or names in any folder; with a slash at the end, only folders match.
    std::vector<std::string> excludes;
    std::int64_t debounce = 100;  // ms of quiet before a change counts
    std::int64_t poll = 0;        // ms between two searches; 0: the kernel reports changes
    int signal = 0;               // what a running command gets instead of a restart; 0: it is restarted
    bool all = false;             // hidden and ignored files and folders count, too

    bool active() const { return !paths.empty(); }
};

}  // namespace sigmund::run
