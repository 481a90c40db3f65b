// SPDX-License-Identifier: Apache-2.0
// What a terminal sends, told apart: what a person types, what the mouse and the window report, and what the
// terminal answers when a program asks. Facts: ECMA-48, the control sequences of xterm, and the keyboard
// protocol of kitty.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

enum class InputKind : std::uint8_t {
    text,    // characters, also those of a paste
    key,     // a key as a sequence, and the beginning and the end of a paste
    report,  // the mouse, and the focus of the window
    answer,  // of the terminal to a question of the program
};

struct InputPiece {
    InputKind kind = InputKind::text;
    std::string_view bytes;  // a part of what was fed; all pieces together are all of it
    // Of a control sequence that ends here: what is between its introducer and its last byte, and that byte.
    std::string sequence = {};
    char final = '\0';
    bool pasted = false;  // part of a bracketed paste
    bool whole = true;    // false: the sequence goes on with the bytes that follow
};

class TerminalInput {
  public:
    // Takes input apart, which may be cut anywhere. Nothing is held back: of a sequence that is cut off, the
    // beginning is a piece already, and its kind is guessed.
    std::vector<InputPiece> feed(std::string_view bytes);

  private:
    enum class State : std::uint8_t { ground, escape, control, single_shift, mouse, string, string_escape };
    // Returns whether the byte belongs to the sequence.
    bool takes(unsigned char byte) const;
    // Goes on by a byte. Returns whether the sequence ends with it; then `piece` tells what it is.
    bool step(char c, InputPiece& piece);
    void end_control(char final, InputPiece& piece);
    InputKind kind_cut_off() const;

    State state_ = State::ground;
    std::string sequence_;    // the parameters of a control sequence, or the introducer of an OSC
    std::size_t length_ = 0;  // of the sequence until now, in bytes
    bool pasting_ = false;
};

}  // namespace sigmund::text
