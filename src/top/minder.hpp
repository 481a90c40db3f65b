// SPDX-License-Identifier: Apache-2.0
// A screen in a process of its own, and a parent that only waits for it. However the screen's process ends or is stopped, the
// parent puts the terminal back at once.
#pragma once
#include <functional>
#include <string>

#include "sys/shared.hpp"

namespace sigmund::top {

// Whether the terminal has been changed, which both processes know.
struct ScreenState {
    bool on = false;
};

struct MindedEnd {
    bool in_screen = false;  // this is the process of the screen, whose `status` is what it returned
    int status = 0;          // the exit status
    int signal = 0;          // which ended the screen; 0: none
};

// Forks. The child calls `screen` with all its signals blocked, and its result is the status. The parent passes signals on
// to the child and returns its end; `reset` is what it writes to the terminal if the screen could not do that itself.
// It stops together with the screen, and goes on with it. Throws std::system_error when there can be no child.
MindedEnd mind(const std::string& reset, const std::function<int(ScreenState& state)>& screen);

}  // namespace sigmund::top
