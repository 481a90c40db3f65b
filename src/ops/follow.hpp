// SPDX-License-Identifier: Apache-2.0
// Follows logs by inotify, so that nothing is lost at the end of a run or at a rotation. Where inotify's
// limits are reached the logs are checked a few times a second.
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
    bool follow = true;         // continue until the runs have ended
    bool until_leader = false;  // continue only until the leader has ended
    bool to_stderr = false;     // write all logs to stderr, to explain a failure
    LogText text = LogText::by_place;
    bool stamps = false;       // each line begins with its time
    bool tells_times = false;  // `form` wants the times of the lines
    LineChoice choice;
    // How many of the lines that `start` and `choice` leave are shown at the beginning; -1: all. Without a choice, and
    // without `start.since`, start.lines does the same and is faster.
    long long last = -1;
    std::vector<std::string> prefixes;  // one for each run, written before each line; empty: none
    // Formats each line; the result is written to stdout. The parameters are the index of the run, whether
    // the line is from stderr, the worker (-1: none) and the line.
    std::function<std::string(std::size_t run, bool error, int worker, const LogLine& line)> form;
};

struct FollowOutcome {
    sys::ExitStatus status;
    bool known_end = false;
    bool untimed = false;                // times were asked for, but nothing tells those of the log
    bool open_line[2] = {false, false};  // whether the output to stdout and to stderr ended without a newline
};

// Copies the logs to stdout (a run's .err to stderr). The lines of several logs that are not followed are in the order of
// their times, if times are shown or all of the logs have an index. Returns one outcome for each run. Throws run::Failure
// when a log cannot be read.
std::vector<FollowOutcome> follow(const run::View& view, const std::vector<run::Judged>& runs,
                                  const FollowRequest& request);

}  // namespace sigmund::ops
