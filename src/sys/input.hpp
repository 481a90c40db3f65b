// SPDX-License-Identifier: Apache-2.0
// A file opened as a command's stdin by a process that must not wait for it.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::sys {

// Of a FIFO the reading end alone would read as ended until its first writer comes. So it comes with a
// writing end, which is to be kept until `notes` (inotify(7)) tells that a writer has written or closed: from
// then on the reader sees the end when the writers have gone.
struct Input {
    Fd read;    // blocking
    Fd writer;  // only of a FIFO that waits for its first writer
    Fd notes;   // likewise; non-blocking
    bool waits() const { return static_cast<bool>(writer); }
};

enum class InputProblem { none, folder, socket, no_writer, other };

// ask: opens `path`, never waiting and never as the controlling terminal. On failure errno is set; `problem`
// says what there is more to say: a folder, a socket, a FIFO that this user may not hold open for writing.
Input open_input(const std::string& path, InputProblem& problem) noexcept;

// Whether a writer of this FIFO has written or closed. Reads the notes away.
bool writer_seen(const Input& input) noexcept;

}  // namespace sigmund::sys
