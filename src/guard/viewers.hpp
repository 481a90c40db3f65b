// SPDX-License-Identifier: Apache-2.0
// The terminals that are attached to a run (`sigmund attach`). What the program writes goes to each of them, and
// what is typed there to the program. None of them is ever waited for.
#pragma once
#include <poll.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/protocol.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/terminal.hpp"
#include "text/terminal_input.hpp"
#include "text/terminal_modes.hpp"

namespace sigmund::guard {

struct Viewer {
    int number = 0;
    sys::Fd stream;  // empty once it has gone
    run::Access access = run::Access::type;
    sys::TerminalSize size;
    std::uint64_t typed = 0;  // a larger number: it has typed later; 0: it has not
    sys::Millis active = 0;   // when it was attached, or has typed (monotonic ms)
    std::size_t lost =
        0;  // bytes that were left out, since it did not read. Then it gets nothing more until it does.
    text::TerminalModes given;
    text::TerminalInput input;
};

class Viewers {
  public:
    // Makes a viewer. Returns its number, and in `stream` the descriptor for its client; 0 with errno when that
    // fails.
    int add(const run::Request& request, sys::Fd& stream);
    // Takes the first viewer, whose client has the other end of the stream already.
    void adopt(sys::Fd stream, sys::TerminalSize size);
    static constexpr int first = 1;  // its number
    // Sends bytes to all viewers, or to one of them. One that has no room for them loses them.
    void show(std::string_view bytes);
    void show(int viewer, std::string_view bytes);
    // Removes a viewer, or all. Returns how many bytes at the end it has not got.
    std::size_t dismiss(int viewer);
    void dismiss_all();

    Viewer* find(int viewer);
    std::size_t count() const;
    // Returns the viewer whose size the run has: the one that typed last, or else the last one. nullptr: there is
    // none that may type.
    const Viewer* owner() const;
    // Describes each for `terminal`.
    std::vector<run::Answer> describe(sys::Millis now) const;
    // Returns whether a terminal answers what the program asks.
    bool answers() const { return owner() != nullptr; }

    // As those of a Source. With `may_type`, also what is typed is waited for.
    void watch(std::vector<pollfd>& set, bool may_type) const;
    // Returns what was typed. A viewer that has read again is told what it missed, and gets the `screen` that is
    // for its number of rows; then `redraw` is set.
    std::string fire(std::span<const pollfd> polled, const std::function<std::string(std::size_t)>& screen,
                     bool& redraw);

  private:
    Viewer& make(sys::Fd stream, sys::TerminalSize size);
    std::string read_from(Viewer& viewer);
    static void send(Viewer& viewer, std::string_view bytes);
    static void resume(Viewer& viewer, const std::string& screen);

    std::vector<std::unique_ptr<Viewer>> list_;
    int last_number_ = 0;
    std::uint64_t typed_ = 0;
};

}  // namespace sigmund::guard
