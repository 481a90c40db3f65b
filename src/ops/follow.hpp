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
    bool until_leader = false;          // the leader's end is enough
    bool to_stderr = false;             // everything, for who explains a failure
    std::vector<std::string> prefixes;  // one a run, put before each line; empty: none
    // Each line as this makes of it, all to stdout: the run's number, whether it is of stderr, the worker
    // (-1).
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
