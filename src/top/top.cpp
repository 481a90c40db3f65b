// SPDX-License-Identifier: Apache-2.0
#include "top/top.hpp"

#include "run/failure.hpp"
#include "run/view.hpp"
#include "sys/signals.hpp"
#include "top/board.hpp"
#include "top/minder.hpp"
#include "top/screen.hpp"
#include "top/terminal.hpp"

namespace sigmund::top {

int show() {
    const Terminal terminal = find_terminal();
    run::View::open();  // a store that cannot be read is told before the screen is changed
    const MindedEnd end = mind(terminal.reset, [&](ScreenState& state) {
        Screen screen(terminal, state);
        return Board(screen).run();
    });
    if (end.signal != 0)
        throw run::Failure(static_cast<run::Exit>(end.status), "failed",
                           "the screen was ended by " + sys::signal_name(end.signal),
                           "no run was ended by that");
    return end.status;
}

}  // namespace sigmund::top
