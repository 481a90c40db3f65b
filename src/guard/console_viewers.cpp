// SPDX-License-Identifier: Apache-2.0
// The terminals that are attached to the terminal of the run: what they show first, and which size it has.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "guard/console.hpp"
#include "guard/ready_look.hpp"
#include "sys/clock.hpp"
#include "sys/terminal_reader.hpp"
#include "text/replay.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t replayed = 64 * 1024;  // bytes of the log
// How long the size differs for a redraw. Programs that look at it only once they have got the signal must find
// another one than before.
constexpr Millis redraw_pause = 50;

// At most so many processes are looked at for the one that reads the terminal.
constexpr std::size_t most_readers = 1'000;

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

// The leader of the group in the foreground is looked at first, since it is usually the one that reads.
run::TerminalUse Console::use_of(const Terminal& terminal) {
    if (terminal.stopped) return run::TerminalUse::stopped;
    struct stat info {};
    const pid_t group = sys::foreground_group(terminal.pty.master.get());
    if (group <= 0 || ::fstat(terminal.pty.slave.get(), &info) != 0) return run::TerminalUse::busy;
    const sys::Procfs proc;
    const auto reads = [&](pid_t pid) {
        const auto stat = proc.stat(pid);
        return stat && stat->pgrp == group && stat->state == 'S' &&
               sys::waits_for_terminal(proc, pid, info.st_rdev);
    };
    if (reads(group)) return run::TerminalUse::reading;
    const auto processes = run_processes(::getpid(), most_readers);
    return std::any_of(processes.begin(), processes.end(), reads) ? run::TerminalUse::reading
                                                                  : run::TerminalUse::busy;
}

std::vector<run::Answer> Console::describe() const {
    std::vector<run::Answer> out;
    for (const Terminal& terminal : terminals_)
        if (terminal.pty.master)
            out.push_back({.kind = run::Answer::Kind::terminal,
                           .columns = static_cast<int>(size_.columns),
                           .rows = static_cast<int>(size_.rows),
                           .use = use_of(terminal)});
    const auto attached = viewers_.describe(sys::monotonic_ms());
    out.insert(out.end(), attached.begin(), attached.end());
    return out;
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
