// SPDX-License-Identifier: Apache-2.0
// Reads the options that several verbs have. All of these throw run::Failure (usage) for a value that is
// none.
#pragma once
#include <optional>
#include <string_view>

#include "cli/args.hpp"
#include "sys/clock.hpp"

namespace sigmund::cli {

// Whether output to this descriptor is to be coloured. --color goes before NO_COLOR, that before
// CLICOLOR_FORCE, that before TERM=dumb; without any of these a terminal gets colours.
bool use_color(const Args& args, int fd);

// --json and --json=1. An unknown version is an error; the same for --porcelain and v1.
bool wants_json(const Args& args);
bool wants_porcelain(const Args& args);

// The value of the option as a duration, in ms; nothing when the option was not given.
std::optional<sys::Millis> duration_option(const Args& args, std::string_view name);
// A number of at least `least`; nothing when the option was not given.
std::optional<long long> number_option(const Args& args, std::string_view name, long long least);

}  // namespace sigmund::cli
