// SPDX-License-Identifier: Apache-2.0
// What a forked copy of the launcher does to become a guardian.
#pragma once
#include "guard/plan.hpp"
#include "sys/signal_queue.hpp"

namespace sigmund::guard {

// Begins a session of its own in the root folder, lets go of everything that belonged to the caller, becomes
// a subreaper, and puts the identity of the guardian into the plan's record. Returns a signalfd for all
// signals, or none with errno on failure.
sys::SignalQueue become_guardian(Plan& plan);

// Opens in advance what ending the run may need, and makes sure that the guardian waits for memory. `descriptors`
// is the number of those in use.
void settle_down(sys::SpareFds& spares, std::size_t descriptors);

}  // namespace sigmund::guard
