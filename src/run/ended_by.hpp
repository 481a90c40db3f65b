// SPDX-License-Identifier: Apache-2.0
// What ended a run or one life of its command: `ended_by` in a record, `cause` at the control socket.
#pragma once
#include <cstdint>

#include "run/known_word.hpp"

namespace sigmund::run {

enum class EndedByKind : std::uint8_t {
    none,    // nothing has ended, or what ended it is not known
    itself,  // the command ended without an order of sigmund
    stop,
    kill,
    replace,          // another start took the run's name (--replace)
    shell_exit,       // the shell that it belonged to exited
    guardian_signal,  // somebody sent SIGTERM or SIGQUIT to the guardian
    timeout,
    lease,              // what the run was tied to has ended (--while)
    unready,            // it was not ready in time, or ended before it was ready
    answered_by_other,  // a process that is not of the run answered its readiness probe
    ready_fail,         // a line of --ready-fail was in its log before it was ready
    unhealthy,
    watch,  // a watched file changed
    restart,
    restart_signal,  // --restart-on
    restart_limit,   // --max-restarts
    launch,          // it could not be executed again
    other
};

inline constexpr text::Named<EndedByKind> ended_by_words[] = {
    {EndedByKind::itself, "itself"},
    {EndedByKind::stop, "stop"},
    {EndedByKind::kill, "kill"},
    {EndedByKind::replace, "replace"},
    {EndedByKind::shell_exit, "shell-exit"},
    {EndedByKind::guardian_signal, "guardian-signal"},
    {EndedByKind::timeout, "timeout"},
    {EndedByKind::lease, "lease"},
    {EndedByKind::unready, "unready"},
    {EndedByKind::answered_by_other, "answered-by-other"},
    {EndedByKind::ready_fail, "ready-fail"},
    {EndedByKind::unhealthy, "unhealthy"},
    {EndedByKind::watch, "watch"},
    {EndedByKind::restart, "restart"},
    {EndedByKind::restart_signal, "restart-signal"},
    {EndedByKind::restart_limit, "restart-limit"},
    {EndedByKind::launch, "launch"},
};

struct EndedBy : KnownWord<EndedByKind, ended_by_words> {
    using enum EndedByKind;
    using KnownWord::KnownWord;
};

}  // namespace sigmund::run
