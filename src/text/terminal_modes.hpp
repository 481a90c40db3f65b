// SPDX-License-Identifier: Apache-2.0
// What the output of a program has done to the terminal that it is written to: the modes that are on, and the
// questions that wait for the terminal's answer. It is not an emulator: nothing is known of the screen. Facts:
// ECMA-48, and the control sequences of xterm. Sequences are read as a terminal reads them, where controls within a
// sequence do not end it; control_parser.hpp rather loses a sequence than what is behind its line.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

class TerminalModes {
  public:
    // Reads output, which may be cut anywhere. A sequence longer than 256 bytes is passed over.
    void feed(std::string_view output);

    bool alternate_screen() const;
    bool cursor_keys() const;  // application mode: the arrows are ESC O A

    // Returns the sequences that put a terminal into these modes, and those that put it back into its usual ones.
    std::string set() const;
    std::string reset() const;

    // Returns the beginning of a sequence or of a character that the output so far has not ended. A terminal that
    // gets only what follows must get this before, or it shows the rest as text. Of a control string only how it
    // begins is known, so that its rest is ignored.
    std::string unfinished() const;

    // Returns the answers to the questions since the last call, as a plain terminal gives them: what it is (DA1),
    // that it is well, and that the cursor is at the top left (DSR).
    std::string take_answers();

  private:
    enum class State : std::uint8_t { ground, escape, control, string, string_escape };
    void final_of_control(char final);
    void private_modes(bool on);
    void kitty_keys();
    void forget_modes();

    State state_ = State::ground;
    char string_ = 0;       // what began the control string: ] P _ ^ X
    std::string last_;      // the last bytes outside of sequences, at most three
    std::string sequence_;  // the parameters and intermediates of a control sequence
    std::string answers_;
    std::vector<int> modes_;  // private modes that differ from the usual, in the order in which they were set
    std::vector<int> kitty_;  // the stack of flags of the kitty keyboard protocol
    int modify_other_keys_ = 0;
    bool keypad_ = false;  // application mode
};

}  // namespace sigmund::text
