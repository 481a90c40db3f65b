// SPDX-License-Identifier: Apache-2.0
// What is done about a record that is damaged or gone while its run lives: the guardian has it in its memory,
// and is asked for it.
#pragma once
#include <signal.h>

#include <optional>
#include <string>
#include <vector>

#include "run/failure.hpp"
#include "run/store.hpp"

namespace sigmund::run {

// The signal, and the value with it, that is sent to a guardian whose socket is gone: it then looks at its
// files. The signal does nothing to a process that does not wait for it, such as an older guardian.
inline constexpr int look_again_signal = SIGURG;
inline constexpr int look_again_value = 0x51676d64;

// Whether the files say that a guardian of this id may live.
bool guardian_may_live(const Store& store, const std::string& id);

// Connects to a live guardian, which is told to make its socket again where the file is gone. Empty when that
// has not succeeded by `until` (monotonic ms).
sys::Fd connect_guardian(const Store& store, const std::string& id, sys::Millis until);

// Gets the record of a run from its live guardian, and has it written again. False when no guardian answers
// within two seconds.
bool ask_guardian(const Store& store, const std::string& id, Depth depth, Record& record);

// A guardian of this user, found by the title of its process alone. It may be of any store.
struct LivingGuardian {
    pid_t pid = 0;
    std::string id, name;  // the name at its start
};
std::vector<LivingGuardian> living_guardians();
// Looks for a live guardian by an id, a prefix or a name that the store does not know. Returns its id once it
// has written its record into this store again; nothing when there is no such guardian.
std::optional<std::string> recall_guardian(const Store& store, const std::string& word);

// For a run whose record cannot be read, and whose guardian does not answer: tells why it may live all the
// same, and the way out. Nothing when no process of it was found.
std::optional<Failure> damaged_but_alive(const Store& store, const std::string& id);

}  // namespace sigmund::run
