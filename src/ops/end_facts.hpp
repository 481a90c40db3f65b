// SPDX-License-Identifier: Apache-2.0
// What the record of a run says about its end: what ended it, who asked for that, and how its leader ended. A record
// of an older sigmund does not say all of this; then it is derived.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "run/record.hpp"

namespace sigmund::ops {

// Returns what ended the run. An older record does not say it; then it is derived from the result.
run::EndedBy ended_by(const run::Record& record, const run::Result& result);

// Returns whether the leader ended before sigmund sent it anything. An older record does not say it; then a
// leader that was ended by a signal that sigmund sends counts as told to end.
bool leader_first(const run::Record& record, const run::EndedBy& cause);

// Returns the last request of one of these kinds, or nullptr.
const run::Call* last_call(const run::Record& record, std::initializer_list<std::string_view> verbs);
// Returns whether what happened then may have led to the end of the run.
bool shortly_before_end(const run::Record& record, sys::Millis at_ms);
// Returns the last `sigmund signal` that sent the signal which ended the run, if it was sent shortly before
// the end, or nullptr.
const run::Call* sender_of(const run::Record& record, int signal);

// Returns a request for people: when, by which process, and of which user.
std::string told(const run::Call& call);
// Returns the same for a signal that the guardian has sent: "SIGINT, 12ms before its end (signal, by process 9 of user
// 0)", or nothing when none was sent.
std::string told(const run::SentSignal& sent, const run::Record& record);
// Returns "exited normally (0)", "exited with status 3" or "was ended by SIGSEGV".
std::string end_text(const sys::ExitStatus& status);

}  // namespace sigmund::ops
