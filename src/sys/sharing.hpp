// SPDX-License-Identifier: Apache-2.0
// Processes that share the memory of their parent, so that no page table is copied and no page is copied when
// it is written to: on most machines these copies are the largest part of what a start costs (clone(2),
// CLONE_VM). Descriptors, signal dispositions, the working directory and the umask are the child's own.
//
// Thread-local storage is shared, too: errno and the state of malloc. While parent and child both run, one of
// them must therefore not call the C library at all (sys/raw_call.hpp).
#pragma once
#include <sys/types.h>

namespace sigmund::sys {

// Returns whether this process can share its memory. A sanitizer knows only one stack of a process, and some
// processors have no raw calls here. Where the address space is limited, two processes would share the limit, too
// (RLIMIT_AS). The kernel may still refuse.
bool can_share_memory() noexcept;

// Returns whether the error of the functions below means that the kernel, or what stands for it, never starts
// such a process: clone(2) is emulated by fork(2), as in qemu-user, or forbidden.
bool refuses_to_share(int error) noexcept;

// Starts a child that runs `body` on a stack of its own, of the usual size, in the memory of this process,
// and goes on at the same time. `body` must not return. Returns the child's pid, or -1 with errno.
pid_t clone_sharing(int (*body)(void*), void* context) noexcept;

// Starts a child that runs `body` in the memory of this process, which sleeps until the child has executed a
// program or has ended, as with vfork(2). `body` runs after fork, so it must be async-signal-safe; it ends
// with an exec or _exit. Returns the child's pid, or -1 with errno.
pid_t clone_until_exec(int (*body)(void*), void* context) noexcept;

}  // namespace sigmund::sys
