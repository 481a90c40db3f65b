// SPDX-License-Identifier: Apache-2.0
// Following logs by inotify: nothing is lost at the end or at a rotation. Where inotify's limits are reached
// the logs are looked at a few times a second.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ops/log_stream.hpp"
#include "run/view.hpp"
#include "sys/process.hpp"

namespace sigmund::ops {

struct FollowRequest {
    LogStart start;
    bool follow = true;                 // go on until the runs have ended
    bool until_leader = false;          // go on until the leader has ended only
    bool to_stderr = false;             // all logs go to stderr, to explain a failure
    std::vector<std::string> prefixes;  // one for each run, put before each line; empty: none
    // Makes of each line what is written, all to stdout: of the number of the run, whether the line is of
    // stderr, and the worker (-1: none).
    std::function<std::string(std::size_t run, bool error, int worker, std::string_view line)> form;
};

struct FollowOutcome {
    sys::ExitStatus status;
    bool known_end = false;
    bool untimed = false;                // `since` was asked, and no line of it carries a time
    bool open_line[2] = {false, false};  // what was copied to stdout, to stderr, ends without a newline
};

// Copies the logs to stdout (a run's .err to stderr). Throws run::Failure when a log cannot be read.
std::vector<FollowOutcome> follow(const run::View& view, const std::vector<run::Judged>& runs,
                                  const FollowRequest& request);

}  // namespace sigmund::ops
