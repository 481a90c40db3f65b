// SPDX-License-Identifier: Apache-2.0
// Why a run ended: its causes, the likeliest first, each with the evidence for it.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

struct Cause {
    int weight = 0;    // 100: certain; below 30: a guess worth a look
    std::string code;  // stopped, signal, exit, oom, address-in-use, ...
    std::string what;
    std::vector<std::string> evidence;
    std::string way_out;  // may be empty
};

struct Explanation {
    run::Judged run;
    std::vector<Cause> causes;            // of a run that is over at least "unknown"
    std::vector<std::string> last_lines;  // of its log, as a person would see it
    std::vector<std::string> history;     // a line for each restart: when, and what ended the life before it
};

Explanation explain(const run::View& view, const run::Judged& run);

// What the last lines of a log say. `port` receives the port of "address already in use", if one is named.
std::vector<Cause> causes_in_log(const std::vector<std::string>& lines, int& port);

}  // namespace sigmund::ops
