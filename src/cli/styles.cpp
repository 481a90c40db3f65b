// SPDX-License-Identifier: Apache-2.0
#include "cli/styles.hpp"

#include <cstdlib>
#include <string>

#include "run/failure.hpp"
#include "run/state_text.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool is_on(std::string_view value) {
    return !value.empty() && value != "0";
}

enum class Wish : unsigned char { unknown, always, never, on_terminal };
Wish wish = Wish::unknown;

Wish wish_of_environment() {
    if (!variable("NO_COLOR").empty()) return Wish::never;
    if (is_on(variable("CLICOLOR_FORCE")) || is_on(variable("FORCE_COLOR"))) return Wish::always;
    const std::string_view term = variable("TERM");
    return term.empty() || term == "dumb" || term == "unknown" ? Wish::never : Wish::on_terminal;
}

}  // namespace

void read_color_variables() {
    wish = wish_of_environment();
}

bool use_color(int fd) {
    if (wish == Wish::unknown) read_color_variables();
    return wish == Wish::always || (wish == Wish::on_terminal && sys::is_terminal(fd));
}

bool use_color(const Args& args, int fd) {
    const auto when = args.value("color");
    if (!when || *when == "auto") return use_color(fd);
    if (*when == "always" || when->empty()) return true;
    if (*when == "never") return false;
    throw run::Failure(run::Exit::usage, "usage", "--color: \"" + *when + "\" is not a valid value",
                       "auto, always or never");
}

std::string_view style_of(const run::Judged& run) {
    switch (run::mood_of(run)) {
        case 'g':
            return styles::green;
        case 'y':
            return styles::yellow;
        case 'r':
            return styles::red;
        default:
            return styles::dim;
    }
}

}  // namespace sigmund::cli
