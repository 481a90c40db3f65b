// SPDX-License-Identifier: Apache-2.0
// What a run's readiness is told by, and what it watches: the words of --ready and --watch as values.
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
    std::string text;  // as it was asked for
    std::string host;  // tcp, http: a numeric address
    int port = 0;
    std::string
        path;  // unix, file: the path; http: what is asked for, "/" at least; log: the expression; cmd: it
};

// ask: tcp:[HOST:]PORT, unix:PATH, file:PATH, log:REGEX, http:[//]HOST[:PORT][/PATH], cmd:COMMAND, notify.
// Relative paths are taken from `cwd`. Nothing, and `problem` says why, when it is none of these.
std::optional<Probe> parse_probe(std::string_view text, const std::string& cwd, std::string& problem);

struct WatchSpec {
    std::vector<std::string> paths;       // absolute
    std::vector<std::string> extensions;  // ".c"; none: every file
    // Globs: absolute paths, or names anywhere; with a slash at the end only of folders.
    std::vector<std::string> excludes;
    std::int64_t debounce = 100;  // ms of quiet before a change counts
    std::int64_t poll = 0;        // ms between two looks; 0: the kernel tells
    int signal = 0;               // what a running command gets instead of a restart; 0: a restart
    bool all = false;             // hidden and ignored files and folders too

    bool active() const { return !paths.empty(); }
};

}  // namespace sigmund::run
