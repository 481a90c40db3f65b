// SPDX-License-Identifier: Apache-2.0
// This file finds the direct children of the calling process without allocating memory. It serves loops that
// must end all of them, even when memory, descriptors or /proc are not available.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <type_traits>

namespace sigmund::sys {

using ChildVisitor = bool (*)(pid_t child, void* context);

// Opens the kernel's list of this process's children and keeps it open (close-on-exec), so that
// for_each_child() needs no descriptor later. Returns whether the list is open. A child made by fork(2) does
// not share it.
bool hold_children_list() noexcept;
// Returns the descriptor of that list, or -1 when this process holds none.
int children_list() noexcept;

// Calls `visit` for each direct child of the calling thread (in a process with one thread, of the process),
// zombies included, until it returns false. In the kernel's list the child that came last is at the end. Returns true when this was one pass over the kernel's list or over /proc. Returns false
// when there was neither a usable /proc nor a list held open; then every pid below pid_max was tried (up to
// 4,194,304, which takes 1 to 11 s). A child that is born during the call may be missed, and so may others
// when `visit` reaps: repeat the call until waitid(2) says ECHILD. Only processes that are children of the
// caller at that moment are visited. Async-signal-safe, noexcept.
bool for_each_child(ChildVisitor visit, void* context) noexcept;

// The same for a callable, which must not throw. If it returns nothing, all children are visited.
template <typename Visit>
bool for_each_child(Visit&& visit) noexcept {
    using Callable = std::remove_reference_t<Visit>;
    return for_each_child(
        [](pid_t child, void* context) {
            Callable& callable = *static_cast<Callable*>(context);
            if constexpr (std::is_void_v<decltype(callable(child))>)
                return callable(child), true;
            else
                return callable(child);
        },
        const_cast<void*>(static_cast<const void*>(&visit)));
}

// Returns whether `pid` is a child of this process, alive or not yet reaped. As long as nobody reaps it, it
// stays a child and its pid is not reused. Returns false for 0, negative numbers, threads and grandchildren.
// Reaps nothing.
bool is_child(pid_t pid) noexcept;

// Returns whether this child has ended, with all its threads, and waits to be reaped. It is not reaped here.
bool has_ended_child(pid_t pid) noexcept;

// Sends SIGKILL to every direct child that exists now. Errors are ignored (EPERM: a child that changed its
// user).
void kill_children() noexcept;
// The same for the children among the processes that were started last on this machine, the newest first. When a
// tree forks and exits faster than it is reaped, the kernel's list has thousands of zombies, and to read it takes
// longer than this process may run at a time. Returns how many of them still lived, or -1 when it is not known which
// process was started last.
int kill_newest_children() noexcept;

// Returns whether this process becomes the parent of descendants that lose theirs (prctl(2), PR_SET_CHILD_SUBREAPER). Under
// qemu-user, and in a sandbox that refuses the call, it does not.
bool adopts_orphans() noexcept;

// Raises this process to real-time priority (SCHED_FIFO) where that is permitted, and lowers it again. A
// process needs it to be faster than a tree of children that fork while they are killed. Children do not
// inherit it.
void begin_urgency() noexcept;
void end_urgency() noexcept;

// What ended processes have used, as the kernel counts it (getrusage(2)): an ended child together with the children
// that it had waited for itself, and their children. A child that nobody waited for, because its parent ignores
// SIGCHLD, is counted nowhere. The memory is that of the largest single process (ru_maxrss), and includes what a
// process had before it executed its command.
struct Consumption {
    std::int64_t user_us = 0;
    std::int64_t system_us = 0;
    std::int64_t peak_bytes = 0;
    Consumption& operator+=(const Consumption& other) noexcept;
    bool operator==(const Consumption&) const = default;
};

// The functions below reap children, including clones with another exit signal (__WALL), and add what these have
// used to `used`. reap_child() reaps any child that has ended, and never blocks. Returns its pid, 0 when there are
// children but none has ended, or -1 when there are no children.
pid_t reap_child(siginfo_t& info, Consumption* used = nullptr) noexcept;
// Reaps this child if it has ended, and never blocks. Returns whether it had.
bool reap_ended(pid_t pid, siginfo_t& info, Consumption& used) noexcept;
// Waits for the end of this child, which must be certain to come.
void reap_ending(pid_t pid, Consumption& used) noexcept;

}  // namespace sigmund::sys
