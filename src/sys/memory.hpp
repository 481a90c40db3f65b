// SPDX-License-Identifier: Apache-2.0
// This file returns memory to the kernel from a process that is about to sleep for a long time.
#pragma once
#include <cstddef>

namespace sigmund::sys {

// Releases memory that this process does not need while it sleeps: free heap pages, the stack below the
// caller, and the mapped pages of code and constants (they are clean, so the next fault reads them from the
// page cache). It costs a few dozen microseconds now and some page faults at the next wake-up.
void give_back_memory() noexcept;

// A new stack of the usual size. Its memory is used as pages are touched, and a page below it that may not be
// accessed catches an overflow. `begin` is null on failure, with errno.
struct Stack {
    void* begin = nullptr;
    std::size_t size = 0;
};
Stack make_stack() noexcept;

// remember_first_stack() notes how far the stack on which main was called is in use. forget_first_stack() says
// that no process with this memory uses it any more, so that give_back_memory() releases it.
void remember_first_stack() noexcept;
void forget_first_stack() noexcept;

// Continues with `function`, which must not return, on a new stack. Objects on the old stack, including
// `context`, are lost at the next give_back_memory().
[[noreturn]] void leave_stack(void (*function)(void*), void* context) noexcept;

}  // namespace sigmund::sys
