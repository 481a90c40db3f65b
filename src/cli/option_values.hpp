// SPDX-License-Identifier: Apache-2.0
// Reads the options that several verbs have. All of these functions throw run::Failure (usage) for an invalid
// value.
#pragma once
#include <optional>
#include <string_view>

#include "cli/args.hpp"
#include "sys/clock.hpp"

namespace sigmund::cli {

// Returns whether --json or --json=1 was given; the same for --porcelain and v1. An unknown version is an
// error.
bool wants_json(const Args& args);
bool wants_porcelain(const Args& args);

// Returns the value of the option as a duration in ms; nothing when the option was not given.
std::optional<sys::Millis> duration_option(const Args& args, std::string_view name);
// Returns the value of the option as a time, in ms since 1970: this long ago, or a date with or without a time, or a
// time of today, in local time unless it names its zone.
std::optional<sys::Millis> time_option(const Args& args, std::string_view name);
// Returns a number of at least `least`; nothing when the option was not given.
std::optional<long long> number_option(const Args& args, std::string_view name, long long least);

}  // namespace sigmund::cli
