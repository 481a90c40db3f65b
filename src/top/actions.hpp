// SPDX-License-Identifier: Apache-2.0
// What can be done to a run by a key. Each is a verb of the command line.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "run/verdict.hpp"

namespace sigmund::top {

struct Action {
    enum class How : std::uint8_t {
        message,  // its last line is shown
        page,     // its output fills the screen
        terminal  // it gets the terminal
    };
    enum class Of : std::uint8_t { live, over, any };
    char key;
    std::string_view verb;
    std::string_view words;  // for people: "stop it", after the key
    How how = How::message;
    Of of = Of::any;
    bool asks = false;  // it ends or removes something, so it wants a `y`
};

std::span<const Action> actions();
// Returns the action of a key for this run, or nullptr. `p` is pause or resume, as the state is.
const Action* action_of(char key, const run::Judged& run);
// Returns "stop web (7f3c2a)?".
std::string question(const Action& action, const run::Record& record);

}  // namespace sigmund::top
