// SPDX-License-Identifier: Apache-2.0
// Memory given back to the kernel by a process that is about to sleep for long.
#pragma once

namespace sigmund::sys {

// Returns what this process has touched and does not need while it sleeps: free heap pages, the stack below
// the caller, and the mapped pages of code and constants (clean, so the page cache gives them back at the
// next fault). Costs a few dozen microseconds now and some page faults at the next wake-up.
void give_back_memory() noexcept;

// Goes on with `function`, which must not return, on a stack of its own, and never comes back: objects on the
// old stack, `context` among them, are lost at the next give_back_memory().
[[noreturn]] void leave_stack(void (*function)(void*), void* context) noexcept;

}  // namespace sigmund::sys
