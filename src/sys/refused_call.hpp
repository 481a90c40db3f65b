// SPDX-License-Identifier: Apache-2.0
// System calls that a kernel does not have (ENOSYS), or that the sandbox of a container refuses (EPERM, which older
// container engines return for calls that they do not know).
#pragma once
#include <cerrno>

namespace sigmund::sys {

// Returns whether this error of a system call that needs no permission means that the call does not exist here.
constexpr bool is_refused_call(int error) noexcept {
    return error == ENOSYS || error == EPERM;
}

// How long to wait, in ms, before something is looked at again of which no descriptor tells.
constexpr int look_pause_ms = 50;
// Returns the time that poll(2) may wait then instead of `pause_ms` (-1: without a limit).
constexpr int pause_between_looks(int pause_ms) noexcept {
    return pause_ms < 0 || pause_ms > look_pause_ms ? look_pause_ms : pause_ms;
}

}  // namespace sigmund::sys
