// SPDX-License-Identifier: Apache-2.0
// The terminals of a run that was started with --tty: one, or one for each worker of a pool. Each life gets a
// new one. The guardian reads what the command writes there and appends it to the log, and it types what is
// sent to the run.
//
// The guardian keeps the command's end open, too. So a command that closes its terminal and opens /dev/tty
// again later loses nothing, and poll(2) does not report a hang-up without end.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "guard/input_pipe.hpp"
#include "guard/log_pump.hpp"
#include "guard/viewers.hpp"
#include "sys/pty.hpp"
#include "text/terminal_modes.hpp"

namespace sigmund::guard {

class Console final : public Source, public OpenInput {
  public:
    // `log` outlives the console. `terminals` is the number of workers, or 1.
    Console(LogPump& log, sys::TerminalSize size, int terminals);

    // Opens a new terminal for a life of this worker (-1: there is no pool). Returns the end for the command,
    // which stays with the console, or -1 with errno.
    int open(int worker);
    // Appends to the log what has been written to the terminals until now.
    void catch_up();

    run::Answer take(run::Sent what, std::string bytes) override;

    // The terminals that are attached (console_viewers.cpp). A run with one for each worker has none.
    Viewers& viewers() { return viewers_; }
    bool pooled() const { return terminals_.size() > 1; }
    // Attaches a terminal as `attach` asks for it. Returns its number, and in `stream` the descriptor for the
    // client. Returns 0 with errno when there is no descriptor.
    int attach(const run::Request& request, sys::Fd& stream);
    // The terminal has another size, or asks for its screen.
    void resize(int viewer, const run::Request& request);
    // Describes the terminals and who is attached, as `terminal` asks for it.
    std::vector<run::Answer> describe() const;
    // Takes the size of the viewer who has it. With `redraw`, the program draws its screen also when that is
    // the same.
    void fit(run::Redraw redraw);

    void watch(std::vector<pollfd>& set) const override;
    Millis deadline() const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;

  private:
    // What is typed, not before `at` (monotonic ms) and not before the previous piece has been taken.
    struct Typed {
        std::string bytes;
        Millis pause = 0;
    };
    struct Terminal {
        sys::Pty pty;
        int stream = -1;
        text::TerminalModes modes;
        std::deque<Typed> queue;
        Millis not_before = 0;
        std::size_t line = 0;      // the bytes that were typed since the last end of a line
        bool stopped = false;      // its output, by Ctrl-S
        Millis restore_size = -1;  // when a size that was changed for a redraw is set back (monotonic ms)
        std::size_t queued() const;
    };
    std::string problem_of(const Terminal& terminal, const std::string& bytes, bool ends_line) const;
    void read_some(Terminal& terminal, std::size_t at_most);
    void type(Terminal& terminal, std::string bytes, Millis pause = 0);
    void write_on(Terminal& terminal);
    void serve_viewers(std::span<const pollfd> polled);
    static run::TerminalUse use_of(const Terminal& terminal);
    // Returns what a terminal of that many rows shows first: the end of the log, unless the program has the
    // alternate screen, and the modes that are on.
    std::string screen(std::size_t rows) const;

    LogPump& log_;
    sys::TerminalSize size_;
    std::vector<Terminal> terminals_;
    Viewers viewers_;
};

}  // namespace sigmund::guard
