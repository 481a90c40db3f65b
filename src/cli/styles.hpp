// SPDX-License-Identifier: Apache-2.0
// The colours of the output for people. They never carry a meaning alone.
#pragma once
#include <string_view>

#include "cli/args.hpp"
#include "run/verdict.hpp"

namespace sigmund::cli {

namespace styles {
inline constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m", red = "\x1b[31m", green = "\x1b[32m",
                                  yellow = "\x1b[33m", plain = "\x1b[0m";
}  // namespace styles

// Returns whether output to this descriptor is coloured: by --color, else by NO_COLOR, CLICOLOR_FORCE and
// FORCE_COLOR in this order, else on a terminal that is not dumb. Throws run::Failure for a wrong --color.
bool use_color(const Args& args, int fd);
// To be called before a start, after which this process may have no environment any more.
void read_color_variables();
// The same without options, for messages.
bool use_color(int fd);

// Returns green for a run that lives and is well, yellow for one that lives and needs attention, red for one that
// has failed, and dim for one that is over.
std::string_view style_of(const run::Judged& run);
// Returns the style, or nothing when there is no colour.
inline std::string_view style_if(bool color, std::string_view style) {
    return color ? style : std::string_view();
}

}  // namespace sigmund::cli
