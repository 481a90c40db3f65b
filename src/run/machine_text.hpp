// SPDX-License-Identifier: Apache-2.0
// The machine output of a finished record, taken from the text of its file. A list of thousands needs no parser
// for them.
#pragma once
#include <string>
#include <string_view>

#include "run/record.hpp"

namespace sigmund::run {

// The text that dump() of to_json() gives. The places say where a command adds keys of its own.
struct MachineText {
    std::string text;
    std::size_t guardian_end = 0;            // before the brace that ends the object `guardian`
    std::size_t log_begin = 0, log_end = 0;  // before the comma of the key `log`, and behind its value
    std::string log;                         // as in Record
    bool log_external = false;
};

// Returns false when it is not certain that the parser would give the same: the run is not over, the file was not
// written by this version, or has a value that is rare. Then `out` is half filled, and parse_record() must read
// the record.
bool copy_finished(std::string_view file, const std::string& id, MachineText& out);

}  // namespace sigmund::run
