// SPDX-License-Identifier: Apache-2.0
// Explains why a run ended: the causes, the most likely first, each with its evidence.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

struct Cause {
    int weight = 0;    // 100: certain; below 30: only a guess
    std::string code;  // stopped, signal, exit, oom, address-in-use, ...
    std::string what;
    std::vector<std::string> evidence;
    std::string way_out;  // what to do about it; may be empty
};

struct Explanation {
    run::Judged run;
    std::vector<Cause> causes;            // a finished run has at least "unknown"
    std::vector<std::string> last_lines;  // of the log, as a person would see them
    std::string used;  // how long it ran and what it used, as a sentence; empty when that is not known
    std::vector<std::string> history;  // one line for each restart: when, and what ended the life before it
};

// Reads the record, the log and, for a live run, its processes. Throws nothing for a log that cannot be read.
Explanation explain(const run::View& view, const run::Judged& run);

// Returns the causes that the last lines of a log suggest. `port` is set to the port of "address already in
// use", if the log names one.
std::vector<Cause> causes_in_log(const std::vector<std::string>& lines, int& port);

}  // namespace sigmund::ops
