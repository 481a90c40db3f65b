// SPDX-License-Identifier: Apache-2.0
// What a request to end, signal, pause or restart a run led to: `outcome` in the machine output and at the
// control socket.
#pragma once
#include <cstdint>

#include "run/known_word.hpp"

namespace sigmund::run {

enum class OutcomeKind : std::uint8_t {
    none,           // not decided yet
    done,           // the run did as it was asked
    stopped,        // all processes ended, and none needed SIGKILL
    killed,         // all processes ended, at least one of them by SIGKILL
    already_ended,  // there was nothing to do
    not_started,    // it waited to be started by an `up`, which does not start it any more
    not_running,    // the run has ended, so that nothing can be done to it
    not_found,      // no run has that name
    survivors,      // some processes have not ended
    refused,        // the record of the run and the kernel contradict each other, or another shell owns it
    denied,         // this user may not signal the processes of the run
    no_guardian,    // only a guardian could have done it, and there is none any more
    failed,
    other
};

inline constexpr text::Named<OutcomeKind> outcome_words[] = {
    {OutcomeKind::done, "done"},
    {OutcomeKind::stopped, "stopped"},
    {OutcomeKind::killed, "killed"},
    {OutcomeKind::already_ended, "already-ended"},
    {OutcomeKind::not_started, "not-started"},
    {OutcomeKind::not_running, "not-running"},
    {OutcomeKind::not_found, "not-found"},
    {OutcomeKind::survivors, "survivors"},
    {OutcomeKind::refused, "refused"},
    {OutcomeKind::denied, "denied"},
    {OutcomeKind::no_guardian, "no-guardian"},
    {OutcomeKind::failed, "failed"},
};

struct Outcome : KnownWord<OutcomeKind, outcome_words> {
    using enum OutcomeKind;
    using KnownWord::KnownWord;
};

}  // namespace sigmund::run
