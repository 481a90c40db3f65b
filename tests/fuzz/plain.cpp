// SPDX-License-Identifier: Apache-2.0
// Logs as a person sees them: the output is plain text within the limits, and stays unchanged when it is the
// input.
#include "text/plain.hpp"

#include "fuzz.hpp"
#include "text/escape.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(plain) {
    const PlainLimits limits{.columns = 40, .lines = 10};
    const auto lines = plain_lines(input, limits);
    must(lines.size() <= limits.lines);
    std::string again;
    for (const std::string& line : lines) {
        must(line.empty() || escape_for_display(line) == line);
        must(line.empty() || line.back() != ' ');
        again += line + '\n';
    }
    must(lines.empty() || !lines.back().empty());
    must(plain_lines(again, limits) == lines);
    must(plain_lines(input).size() <= PlainLimits{}.lines);
}
