// SPDX-License-Identifier: Apache-2.0
// The search of the logs of one life for lines: those that --ready log: waits for, and those that
// --ready-fail takes for a failure. Lines are matched as a person would see them, as they are written, even
// when a log is rotated meanwhile. It runs in a process of its own, since an expression may take any time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "guard/source.hpp"

namespace sigmund::guard {

struct LogSearch {
    enum class Ends : std::uint8_t {
        at_match,    // with the line that is the last of the wanted ones
        after_look,  // once all wanted lines and everything that was written before the look have been read
        at_failure   // only with a line of `failures`
    };
    std::vector<LogStart> logs;
    std::vector<std::string> wanted;    // expressions; each of them is to match a line
    std::vector<std::string> failures;  // expressions; a line that matches one of them ends the search
    Ends ends = Ends::at_match;
};

struct LogFinding {
    enum class Kind : std::uint8_t { found, failed, invalid };
    Kind kind = Kind::invalid;  // invalid: one of the expressions cannot be compiled
    std::string line = {};      // failed: the line, or what is around the match in a long line
};

// Blocks until the search ends. `missing` gets the index of the first wanted expression that has not matched
// yet, at the beginning and after each line that changes it.
LogFinding search_logs(const LogSearch& search, const std::function<void(std::size_t)>& missing);

}  // namespace sigmund::guard
