// SPDX-License-Identifier: Apache-2.0
// The direct children of the calling process, found without allocating: for loops that must end every one of
// them, whatever state memory, descriptors and /proc are in.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <type_traits>

namespace sigmund::sys {

using ChildVisitor = void (*)(pid_t child, void* context);

// Opens the kernel's list of this process's children and keeps it open (close-on-exec), so that
// for_each_child() needs no descriptor later. Returns whether it is open. A child of fork(2) has no part in
// it.
bool hold_children_list() noexcept;
// The descriptor of that list; -1: none.
int children_list() noexcept;

// Calls `visit` for each direct child, zombies included, of the calling thread (of every thread, in a process
// that has but one). Returns whether this was one pass over a list of the kernel's or /proc's making; false:
// there was no usable /proc and no list held open, and every pid below pid_max was asked for (up to
// 4,194,304, which takes 1 to 11 s). A child that is born meanwhile may be missed, and so may others when
// `visit` reaps: call again until waitid(2) says ECHILD. Async-signal-safe, noexcept; no process is visited
// that is not a child of the caller's at that moment.
bool for_each_child(ChildVisitor visit, void* context) noexcept;

// The same for a callable; it must not throw.
template <typename Visit>
bool for_each_child(Visit&& visit) noexcept {
    using Callable = std::remove_reference_t<Visit>;
    return for_each_child([](pid_t child, void* context) { (*static_cast<Callable*>(context))(child); },
                          const_cast<void*>(static_cast<const void*>(&visit)));
}

// Whether `pid` is a child of this process, alive or not yet reaped; as long as nobody reaps, it stays one
// and its pid cannot be anybody else's. False for 0, negative numbers, threads, grandchildren. Reaps nothing.
bool is_child(pid_t pid) noexcept;

// Whether this child has ended, all its threads, and waits to be reaped; it goes on waiting.
bool has_ended_child(pid_t pid) noexcept;

// SIGKILL to every direct child there is now; errors (EPERM: a child that changed its user) are passed over.
void kill_children() noexcept;

// Real-time priority (SCHED_FIFO) for who must outrun a tree of children that fork as they are killed, where
// this is permitted; elsewhere nothing changes. Not inherited by children.
void begin_urgency() noexcept;
void end_urgency() noexcept;

// ask: takes one ended child; clones with another exit signal as well (__WALL). Returns its pid and fills
// `info`; 0: children are left, none has ended; -1: there are no children. Never blocks.
pid_t reap_child(siginfo_t& info) noexcept;

}  // namespace sigmund::sys
