// SPDX-License-Identifier: Apache-2.0
// The sinks for text: answers go to stdout, messages to stderr, each as one string by one write. What reaches
// people is escaped here, so that callers pass names, paths and arguments as they are.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ops/follow.hpp"
#include "run/failure.hpp"
#include "text/page.hpp"

namespace sigmund::cli {

// Those to stdout throw std::system_error when the write fails.
void print(const text::Page& page);
void print(std::string_view text);       // newlines are kept, all else is escaped
void print_data(std::string_view data);  // exactly as it is: formats for programs, code for a shell
void say(const std::string& message);    // "sigmund: MESSAGE" to stderr; newlines are escaped, too
void say(const text::Page& lines);       // to stderr, "sigmund: " before every line
void warn(const std::string& message);   // "sigmund: warning: MESSAGE"
// Logs were shown: the next message begins on a line of its own, even if their last line has no newline.
void end_open_lines(const std::vector<ops::FollowOutcome>& outcomes);
// The message of a failure and its hint, or with `json` its error object, to stderr.
void tell_failure(const run::Failure& failure, bool json);

}  // namespace sigmund::cli
