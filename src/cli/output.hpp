// SPDX-License-Identifier: Apache-2.0
// What every verb says, and how: answers to stdout, talk to stderr, one string one write, colour by one rule.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/args.hpp"
#include "ops/follow.hpp"
#include "run/failure.hpp"
#include "run/store.hpp"
#include "run/target.hpp"
#include "run/verdict.hpp"
#include "text/page.hpp"

namespace sigmund::cli {

// What reaches people is escaped here, so callers pass names, paths and arguments as they are. All of these
// write once; those to stdout throw when that fails.
void print(const text::Page& page);
void print(std::string_view text);       // to stdout; its newlines are kept, all else is escaped
void print_data(std::string_view data);  // to stdout, exactly: formats for programs, code for a shell
void say(const std::string& message);    // "sigmund: MESSAGE" to stderr; newlines are escaped too
void say(const text::Page& lines);       // to stderr, every line behind "sigmund: "
void warn(const std::string& message);   // "sigmund: warning: MESSAGE"
// Logs were shown: the next message begins on a line of its own, even if their last line has no newline.
void end_open_lines(const std::vector<ops::FollowOutcome>& outcomes);
void tell_failure(const run::Failure& failure, bool json);

enum class ColorWhen : unsigned char { automatic, always, never };
// --color > NO_COLOR > CLICOLOR_FORCE > TERM=dumb; then: is it a terminal. Throws Failure for a bad word.
bool use_color(const Args& args, int fd);

// --json, --json=1; an unknown version is an error. The same for --porcelain and v1.
bool wants_json(const Args& args);
bool wants_porcelain(const Args& args);

// The option's value as a duration (ms) or throws Failure.
std::optional<sys::Millis> duration_option(const Args& args, std::string_view name);
// A number of at least `least`, or throws Failure.
std::optional<long long> number_option(const Args& args, std::string_view name, long long least);

// The targets of an acting verb; none given is exit 5 with what could be meant.
std::vector<run::Record> targets_of(const run::Store& store, const run::Census& census, const Args& args,
                                    const std::vector<std::string>& words,
                                    std::vector<std::string>* corrupt_files = nullptr);
// The same for who can do nothing with none: a form that stands for no run (tag=, @here) is an error, too.
std::vector<run::Record> some_targets_of(const run::Store& store, const run::Census& census, const Args& args,
                                         const std::vector<std::string>& words);
// The complaint of both, with what could be meant.
[[noreturn]] void no_target(const Args& args, const run::Store& store, const run::Census& census);
void warn_corrupt(const std::vector<std::string>& files);
run::Surroundings surroundings();

// "web (7f3c2a)" or "7f3c2a"
std::string label(const run::Record& record);

}  // namespace sigmund::cli
