// SPDX-License-Identifier: Apache-2.0
// The terminals that are attached to the terminal of the run: what they show first, and which size it has.
#include "guard/console.hpp"
#include "sys/clock.hpp"
#include "text/replay.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t replayed = 64 * 1024;  // bytes of the log
// How long the size differs for a redraw. Programs that look at it only once they have got the signal must find
// another one than before.
constexpr Millis redraw_pause = 50;

bool same(const sys::TerminalSize& a, const sys::TerminalSize& b) {
    return a.columns == b.columns && a.rows == b.rows;
}

}  // namespace

std::string Console::screen(std::size_t rows) const {
    const text::TerminalModes& modes = terminals_[0].modes;
    if (modes.alternate_screen()) return modes.set() + modes.unfinished();
    bool from_start = false;
    const std::string tail = log_.tail(replayed, from_start);
    return text::replay(tail, rows, from_start) + modes.set() + modes.unfinished();
}

int Console::attach(const run::Request& request, sys::Fd& stream) {
    catch_up();
    const int viewer = viewers_.add(request, stream);
    if (viewer == 0) return 0;
    viewers_.show(viewer, screen(static_cast<std::size_t>(request.rows)));
    fit(request.redraw);
    return viewer;
}

void Console::resize(int viewer, const run::Request& request) {
    Viewer* const found = viewers_.find(viewer);
    if (!found) return;
    found->size = {static_cast<std::size_t>(request.columns), static_cast<std::size_t>(request.rows)};
    fit(request.redraw);
}

void Console::fit(run::Redraw redraw) {
    Terminal& terminal = terminals_[0];
    const Viewer* const owner = viewers_.owner();
    const sys::TerminalSize before = size_;
    if (owner) size_ = owner->size;
    if (!terminal.pty.master) return;
    if (!same(before, size_)) {
        terminal.restore_size = -1;
        sys::set_terminal_size(terminal.pty.master.get(), size_);
    } else if (redraw == run::Redraw::redraw) {
        sys::TerminalSize other = size_;
        other.rows = other.rows > 1 ? other.rows - 1 : other.rows + 1;
        sys::set_terminal_size(terminal.pty.master.get(), other);
        terminal.restore_size = sys::monotonic_ms() + redraw_pause;
    }
}

void Console::serve_viewers(std::span<const pollfd> polled) {
    Terminal& terminal = terminals_[0];
    bool redraw = false;
    std::string typed = viewers_.fire(
        polled, [this](std::size_t rows) { return screen(rows); }, redraw);
    if (!typed.empty() && terminal.pty.master) type(terminal, std::move(typed));
    fit(redraw ? run::Redraw::redraw : run::Redraw::as_is);  // another viewer may be the last who has typed
    if (terminal.restore_size < 0 || sys::monotonic_ms() < terminal.restore_size) return;
    terminal.restore_size = -1;
    sys::set_terminal_size(terminal.pty.master.get(), size_);
}

}  // namespace sigmund::guard
