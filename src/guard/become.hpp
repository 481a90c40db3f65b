// SPDX-License-Identifier: Apache-2.0
// Becoming a guardian: what a forked copy of the launcher does before it is one.
#pragma once
#include "guard/plan.hpp"

namespace sigmund::guard {

// Takes an own session and the root folder, lets go of everything that was the caller's, and becomes a
// subreaper. Puts who the guardian is into the plan's record. Returns a signalfd for all signals, or none
// with errno on failure.
sys::Fd become_guardian(Plan& plan);

// What is settled once the run has started: memory that only the start needed is given back, so that an idle
// guardian is small, and what ending the run may need is held open. `descriptors`: how many are in use.
void settle_down(sys::SpareFds& spares, std::size_t descriptors);

}  // namespace sigmund::guard
