// SPDX-License-Identifier: Apache-2.0
// This file returns memory to the kernel from a process that is about to sleep for a long time.
#pragma once

namespace sigmund::sys {

// Releases memory that this process does not need while it sleeps: free heap pages, the stack below the
// caller, and the mapped pages of code and constants (they are clean, so the next fault reads them from the
// page cache). It costs a few dozen microseconds now and some page faults at the next wake-up.
void give_back_memory() noexcept;

// Continues with `function`, which must not return, on a new stack. Objects on the old stack, including
// `context`, are lost at the next give_back_memory().
[[noreturn]] void leave_stack(void (*function)(void*), void* context) noexcept;

}  // namespace sigmund::sys
