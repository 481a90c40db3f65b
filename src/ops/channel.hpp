// SPDX-License-Identifier: Apache-2.0
// The client's end of a guardian's control socket.
#pragma once
#include <optional>
#include <string>

#include "run/store.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

// How long a guardian may take to say hello before it counts as frozen and the record alone is used.
inline constexpr sys::Millis hello_patience = 2'000;

// ask: a channel to a live guardian that has answered `hello`; empty when there is none, or it is frozen.
// `longest` is set to the longest request that it takes: an older one would cut the rest off.
sys::Fd reach_guardian(const run::Store& store, const std::string& id, std::size_t* longest = nullptr);
// What a guardian takes that does not tell (before 0.2).
inline constexpr std::size_t longest_for_older = 4096;

// The words after `word` in a line that begins with it; nothing otherwise.
std::optional<std::string> after(const std::string& line, std::string_view word);

// Sends one request and reads lines until `done CODE REST`. `on_line` sees the others. Returns the code, or
// -1 when the guardian went away or `deadline` (monotonic ms, -1: none) passed; `rest` is what follows the
// code.
template <typename OnLine>
int converse(int fd, const std::string& request, sys::Millis deadline, OnLine on_line,
             std::string* rest = nullptr);

bool send_request(int fd, const std::string& request);
std::optional<std::string> next_line(int fd, sys::Millis deadline);

template <typename OnLine>
int converse(int fd, const std::string& request, sys::Millis deadline, OnLine on_line, std::string* rest) {
    if (!send_request(fd, request)) return -1;
    while (const auto line = next_line(fd, deadline)) {
        if (const auto done = after(*line, "done")) {
            if (rest) {
                const auto blank = done->find(' ');
                *rest = blank == std::string::npos ? "" : done->substr(blank + 1);
            }
            return std::atoi(done->c_str());
        }
        on_line(*line);
    }
    return -1;
}

}  // namespace sigmund::ops
