// SPDX-License-Identifier: Apache-2.0
// This file opens a file as a command's stdin, for a process that must not wait while it opens.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::sys {

// A FIFO whose reading end alone is open reads as ended until its first writer comes. Therefore a writing end
// is opened too. It must be kept open until `notes` (inotify(7)) tells that a writer has written or closed;
// from then on the reader sees the end of the input once all writers have gone.
struct Input {
    Fd read;    // blocking
    Fd writer;  // only for a FIFO that waits for its first writer, and for a pipe that was made here
    Fd notes;   // only for a FIFO; it is non-blocking
    bool waits() const { return static_cast<bool>(writer); }
};

enum class InputProblem { none, folder, socket, no_writer, other };

// Makes a pipe, whose writing end does not block. On failure errno is set.
Input open_pipe(InputProblem& problem) noexcept;

// Opens `path` without waiting and never as the controlling terminal. On failure the result is empty, errno
// is set, and `problem` gives the cause where errno does not: a folder, a socket, or a FIFO that this user
// may not write to.
Input open_input(const std::string& path, InputProblem& problem) noexcept;

// Returns whether a writer of this FIFO has written or closed. Consumes the notifications.
bool writer_seen(const Input& input) noexcept;

}  // namespace sigmund::sys
