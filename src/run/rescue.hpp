// SPDX-License-Identifier: Apache-2.0
// How a record that was damaged or removed while its run lives comes back: the guardian has it in its memory
// and is asked for it.
#pragma once
#include <signal.h>

#include <optional>
#include <string>
#include <vector>

#include "run/failure.hpp"
#include "run/store.hpp"

namespace sigmund::run {

// The signal, with its value, for a guardian whose socket is gone. The guardian then checks its files. The
// signal does nothing to a process that does not wait for it, such as an older guardian.
inline constexpr int look_again_signal = SIGURG;
inline constexpr int look_again_value = 0x51676d64;

// Returns whether a guardian of this id may live, as far as the files tell.
bool guardian_may_live(const Store& store, const std::string& id);

// Connects to a live guardian. Where the file of its socket is gone, it is told to make the socket again. The
// result is empty when that has not succeeded by `until` (monotonic ms).
sys::Fd connect_guardian(const Store& store, const std::string& id, sys::Millis until);

// Gets the record of a run from its live guardian, which also writes it again. Returns false when no guardian
// answers within two seconds.
bool ask_guardian(const Store& store, const std::string& id, Depth depth, Record& record);

// A guardian of this user, found only by the title of its process. It may belong to any store.
struct LivingGuardian {
    pid_t pid = 0;
    std::string id, name;  // the name at its start
};
// Searches /proc for them.
std::vector<LivingGuardian> living_guardians();
// Searches for a live guardian by an id, a prefix or a name that the store does not know. Returns its id once
// it has written its record into this store again, or nothing when there is no such guardian.
std::optional<std::string> recall_guardian(const Store& store, const std::string& word);

// For a run whose record cannot be read and whose guardian does not answer: says why the run may still live,
// and gives the way out. Returns nothing when no process of it was found.
std::optional<Failure> damaged_but_alive(const Store& store, const std::string& id);

}  // namespace sigmund::run
