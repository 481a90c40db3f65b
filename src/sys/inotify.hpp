// SPDX-License-Identifier: Apache-2.0
// inotify(7) and its limits, which belong to a user and are easily reached: whoever wants to be told of
// changes must be able to do without, by looking from time to time.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::sys {

// ask: an instance that does not block; empty, with errno, when none is left.
Fd open_inotify() noexcept;

// ask: adds a watch to an instance; its number, or -1 with errno: EMFILE when there is no instance.
int add_watch(const Fd& inotify, const std::string& path, unsigned mask) noexcept;

// For poll(2) of an instance that lacks a watch: how long to sleep before looking again, in ms.
inline constexpr int look_again_ms = 250;

// Reads away what has been told.
void drain(const Fd& inotify) noexcept;

struct Limit {
    std::string what;  // "the limit fs.inotify.max_user_watches (8192) is reached"
    std::string hint;  // how to raise it
};
// Which limit made open_inotify() or add_watch() fail with this error; empty when it was no limit.
Limit inotify_limit(int error);

}  // namespace sigmund::sys
