// SPDX-License-Identifier: Apache-2.0
// The client's end of a guardian's control socket; run/protocol.hpp has the words.
#pragma once
#include <optional>
#include <string>

#include "run/protocol.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

using run::Answer;
using run::Request;

// Connects to a live guardian and says hello. Returns no descriptor when there is no guardian, or when it is
// frozen. `longest` is set to the length of the longest request that this guardian takes.
sys::Fd reach_guardian(const run::Store& store, const std::string& id, std::size_t* longest = nullptr);

// Sends a request and reads the answer up to `done`, which is returned; `each` is called with the lines
// before it. Returns nothing when the guardian went away or `deadline` (monotonic ms, -1: none) passed.
template <typename Each>
std::optional<Answer> converse(int fd, const Request& request, sys::Millis deadline, Each each) {
    if (run::send(fd, request) != 0) return std::nullopt;
    while (auto answer = run::receive_answer(fd, deadline)) {
        if (answer->kind == Answer::Kind::done) return answer;
        each(*answer);
    }
    return std::nullopt;
}
inline std::optional<Answer> converse(int fd, const Request& request, sys::Millis deadline) {
    return converse(fd, request, deadline, [](const Answer&) {});
}

}  // namespace sigmund::ops
