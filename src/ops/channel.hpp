// SPDX-License-Identifier: Apache-2.0
// The client's end of a guardian's control socket. The requests and answers are in run/protocol.hpp.
#pragma once
#include <optional>
#include <string>

#include "run/protocol.hpp"
#include "run/store.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

using run::Answer;
using run::Request;

// Connects to a live guardian and says hello. Returns no descriptor when there is no guardian or it does not
// answer (it may be frozen). `longest` is set to the length, in bytes, of the longest request that this
// guardian takes.
sys::Fd reach_guardian(const run::Store& store, const std::string& id, std::size_t* longest = nullptr);

// The same for a run that must live and have a guardian. Throws run::Failure when it does not; `with_it` is what
// goes away with a guardian ("its input").
sys::Fd reach_live(const run::View& view, const run::Judged& run, const std::string& with_it);

// Sends a request, reads the answer, and returns its last line, `done`. `each` is called with the lines
// before that. Returns nothing when the guardian went away or `deadline` (monotonic ms, -1: none) passed.
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
