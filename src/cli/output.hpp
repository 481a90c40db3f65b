// SPDX-License-Identifier: Apache-2.0
// The sinks for text: answers go to stdout, messages to stderr, each as one string by one write. Text for
// people is escaped here, so callers pass names, paths and arguments as they are.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ops/follow.hpp"
#include "run/failure.hpp"
#include "text/page.hpp"

namespace sigmund::cli {

// Returns how many columns the terminal has that stdout is; 0 where stdout is none, so that nothing is cut or folded.
std::size_t output_columns();

// The functions that write to stdout throw std::system_error when the write fails.
void print(const text::Page& page);
void print(std::string_view text);       // newlines are kept, everything else is escaped
void print_data(std::string_view data);  // exactly as it is: formats for programs, code for a shell
void say(const std::string& message);    // "sigmund: MESSAGE" to stderr; newlines are escaped, too
void say_in_raw_mode(
    const std::string& message);            // the same while the terminal does not return the cursor itself
void say(const text::Page& lines);          // to stderr, with "sigmund: " before every line
void show(const text::Page& lines);         // to stderr, as they are: the lines of a log
std::string said(const text::Page& lines);  // returns what say() would write
void warn(const std::string& message);      // "sigmund: warning: MESSAGE"
// To be called after logs were shown: the next message begins on a new line, even if their last line has no
// newline.
void end_open_lines(const std::vector<ops::FollowOutcome>& outcomes);
// To be called before say() where the cursor of a terminal may be at the end of an unfinished line of another
// program: the message begins on a line of its own.
void begin_fresh_line();
// Writes the message of a failure and its hint, or with `json` its error object, to stderr.
void tell_failure(const run::Failure& failure, bool json);

}  // namespace sigmund::cli
