// SPDX-License-Identifier: Apache-2.0
// This file wraps inotify(7) and its limits. The limits count per user and are easily reached, so a caller
// must also work without notifications, by checking periodically.
#pragma once
#include <string>

#include "sys/fd.hpp"

namespace sigmund::sys {

// Returns a non-blocking instance, or an empty Fd with errno set when the limit of instances is reached.
Fd open_inotify() noexcept;

// Adds a watch to an instance. Returns the watch's number, or -1 with errno set; EMFILE when `inotify` is
// empty.
int add_watch(const Fd& inotify, const std::string& path, unsigned mask) noexcept;

// The timeout for poll(2), in ms, when an instance lacks a watch: after it the caller checks for changes
// itself.
inline constexpr int look_again_ms = 250;

// Reads and discards all pending notifications.
void drain(const Fd& inotify) noexcept;

struct Limit {
    std::string what;  // "the limit fs.inotify.max_user_watches (8192) is reached"
    std::string hint;  // how to raise it
};
// Returns the limit that made open_inotify() or add_watch() fail with this error. Its members are empty when
// the error has another cause.
Limit inotify_limit(int error);

}  // namespace sigmund::sys
