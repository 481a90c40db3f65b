// SPDX-License-Identifier: Apache-2.0
// Decides which keys are answers to the question at the exit of a shell. It knows only bytes and times, so it
// is tested without a terminal.
//
// Somebody who types on, pastes or holds a key down must not answer. Therefore a key is an answer only when
// nothing came for a while before it, and nothing follows it for a while. The caller reports each byte that it
// reads with feed(), and calls answer() when the terminal has nothing to read.
//
// A key that is held down becomes an answer all the same, since keyboards wait 250 to 660 ms before they repeat it.
// So the caller does what cannot be undone only when nothing has followed the key for `held`.
#pragma once
#include <optional>

#include "sys/clock.hpp"

namespace sigmund::ops {

class ExitKeys {
  public:
    static constexpr sys::Millis swallowed = 500;          // after the question appeared, no key is an answer
    static constexpr sys::Millis quiet_before = 300;       // before an answer
    static constexpr sys::Millis quiet_after = 150;        // after an answer
    static constexpr sys::Millis quiet_after_escape = 50;  // a terminal sends a whole sequence at once
    static constexpr sys::Millis held = 700;               // a key that is held down is repeated before
    static constexpr sys::Millis paste_patience = 1000;    // a paste may come in pieces

    static constexpr unsigned char escape = 27;

    // `shown` is the time at which the question appeared.
    explicit ExitKeys(sys::Millis shown) : shown_(shown), last_(shown) {}

    // Takes a byte that was read at `now`. Returns whether a person typed it as a key of its own. It is false
    // for an Esc and for the bytes of a sequence: an arrow key, a report of the mouse or of the focus, a
    // bracketed paste, or a reply of the terminal.
    bool feed(unsigned char byte, sys::Millis now);

    // Returns the key that has become an answer, once.
    std::optional<unsigned char> answer(sys::Millis now);
    // Returns when the last key becomes an answer if nothing follows it. Returns nothing when it cannot.
    std::optional<sys::Millis> due() const;

    // Returns when the last byte came.
    sys::Millis last() const { return last_; }
    // Returns whether the last byte was an Esc which may still begin a sequence.
    bool escape_is_open() const { return sequence_.part == Part::begun && !sequence_.pasting; }

  private:
    enum class Part : unsigned char {
        none,         // outside a sequence
        begun,        // after Esc
        control,      // after Esc [, until a byte from @ to ~
        console,      // after Esc [ [, which begins a function key of the Linux console
        single,       // after Esc O: one more byte
        mouse,        // after Esc [ M: three bytes of any value
        text,         // after Esc ] and the like, until BEL or Esc
        text_escape,  // after Esc in such a text
        paste,        // between Esc [200~ and Esc [201~
    };
    // What has been read of a sequence.
    struct Sequence {
        Part part = Part::none;
        int number = 0;        // the first parameter of a control sequence, or the bytes of a mouse report
        bool pasting = false;  // the sequence is within a paste
    };

    bool in_sequence(sys::Millis gap) const;
    void advance(unsigned char byte);
    void control(unsigned char byte);
    void end_sequence() { sequence_ = {sequence_.pasting ? Part::paste : Part::none, 0, sequence_.pasting}; }

    sys::Millis shown_, last_;
    std::optional<unsigned char> pending_;
    Sequence sequence_;
};

}  // namespace sigmund::ops
