// SPDX-License-Identifier: Apache-2.0
// A record that is damaged or gone while its run lives: the guardian has it in its memory, and is asked.
#pragma once
#include <signal.h>

#include <optional>
#include <string>
#include <vector>

#include "run/failure.hpp"
#include "run/store.hpp"

namespace sigmund::run {

// Sent with this value to a guardian whose socket is gone: it looks at its files. A signal that does nothing
// to whoever does not wait for it, older guardians among them.
inline constexpr int look_again_signal = SIGURG;
inline constexpr int look_again_value = 0x51676d64;

// Whether the files say that a guardian of this id may live.
bool guardian_may_live(const Store& store, const std::string& id);

// ask: a connected socket of a live guardian, which is told to make it again where its file is gone; empty
// when none is to be had until then (monotonic ms).
sys::Fd connect_guardian(const Store& store, const std::string& id, sys::Millis until);

// ask: the record of a run from its live guardian, which is made to write it again; false when none answers
// within two seconds.
bool ask_guardian(const Store& store, const std::string& id, Depth depth, Record& record);

// A guardian of this user's, found by the title of its process alone: of any store.
struct LivingGuardian {
    pid_t pid = 0;
    std::string id, name;  // the name at its start
};
std::vector<LivingGuardian> living_guardians();
// ask: for an id, a prefix or a name of which the store knows nothing: the id of a live guardian that has
// written its record into this store again.
std::optional<std::string> recall_guardian(const Store& store, const std::string& word);

// Of a run whose record cannot be read, and whose guardian does not answer: why it may live all the same, and
// the way out. Nothing: nobody of it was found.
std::optional<Failure> damaged_but_alive(const Store& store, const std::string& id);

}  // namespace sigmund::run
