// SPDX-License-Identifier: Apache-2.0
// The output of a program on a terminal: whatever it is, and however it is cut.
#include "text/terminal_modes.hpp"
#include "fuzz.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(terminal_modes) {
    TerminalModes whole, pieces;
    whole.feed(input);
    for (const char c : input) pieces.feed({&c, 1});
    must(whole.set() == pieces.set());
    must(whole.reset() == pieces.reset());
    must(whole.unfinished() == pieces.unfinished());
    must(whole.take_answers() == pieces.take_answers());
    // What sets the modes of one terminal gives another one the same modes, and what resets them leaves none.
    TerminalModes other;
    other.feed(whole.set());
    must(other.set() == whole.set());
    other.feed(whole.reset());
    must(other.set().empty());
    must(other.take_answers().empty());
}
