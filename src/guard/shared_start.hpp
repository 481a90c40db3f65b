// SPDX-License-Identifier: Apache-2.0
// The start of a leader that shares the guardian's memory until it executes its command. The guardian sleeps
// meanwhile. The leader writes its own identity into the record, and then executes: this order needs neither
// a gate nor a message. A leader whose guardian is killed goes on alone, and is found by its record.
#pragma once
#include "guard/member.hpp"
#include "run/leader_draft.hpp"
#include "sys/affinity.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

struct SharedStart {
    const sys::SpawnPlan& command;
    const run::LeaderDraft& draft;
    sys::Durable durable;
    // The pipe to the launcher stays open in the leader until the exec. So its end tells the launcher of a
    // killed guardian that the leader has executed its command or is gone.
    int reply;
    const sys::OneProcessor& processor;  // on which all of them run until the exec

    // What the leader leaves in the memory.
    sys::Birth birth{};
    bool recorded = false;
    sys::SpawnError error{sys::SpawnStage::exec, 0};
};

// Starts the leader and waits until it has executed its command or has ended. Then start.error tells what
// failed, and `leader` is set when a process may be left. Returns false when the leader must be started in the
// other way: the kernel refuses such a process, or something is in the place of the record.
bool start_shared(SharedStart& start, std::optional<Leader>& leader);

}  // namespace sigmund::guard
