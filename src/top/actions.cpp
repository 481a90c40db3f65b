// SPDX-License-Identifier: Apache-2.0
#include "top/actions.hpp"

#include "run/label.hpp"

namespace sigmund::top {
namespace {

using How = Action::How;
using Of = Action::Of;

constexpr Action table[] = {
    {'s', "stop", "stop it", How::message, Of::live, true},
    {'r', "restart", "restart it", How::message, Of::any, true},
    {'p', "pause", "pause it", How::message, Of::live},
    {'p', "resume", "resume it", How::message, Of::live},
    {'a', "attach", "attach to its terminal", How::terminal, Of::live},
    {'e', "explain", "explain why it ended, or how it is", How::page},
    {'t', "tree", "show its processes", How::page, Of::live},
    {'K', "kill", "kill it without a grace", How::message, Of::live, true},
    {'g', "again", "start it again as a new run", How::message, Of::over, true},
    {'x', "prune", "remove its record and its log", How::message, Of::over, true},
};

}  // namespace

std::span<const Action> actions() {
    return table;
}

const Action* action_of(char key, const run::Judged& run) {
    const bool paused = run.verdict.state == run::State::paused;
    for (const Action& action : table) {
        if (action.key != key || (action.verb == "pause" && paused) || (action.verb == "resume" && !paused))
            continue;
        if (action.of == Of::any || (action.of == Of::live) == run.live()) return &action;
    }
    return nullptr;
}

std::string question(const Action& action, const run::Record& record) {
    const std::string_view verb = action.verb == "again" ? "start again" : action.verb;
    return std::string(verb) + ' ' + run::label(record) + '?';
}

}  // namespace sigmund::top
