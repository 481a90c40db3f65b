// SPDX-License-Identifier: Apache-2.0
// This file cuts what a program has written to a terminal into text, control characters and the control
// functions of ECMA-48, as the state machine of Paul Williams does (https://vt100.net/emu/dec_ansi_parser).
// The bytes may come in any pieces.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sigmund::text {

// Gets the parts in their order. The views are valid during the call.
class ControlHandler {
  public:
    virtual void ascii(std::string_view run) = 0;                           // 0x20 to 0x7e
    virtual void character(std::string_view character, char32_t code) = 0;  // one character beyond ASCII
    virtual void invalid_byte() = 0;                                        // a byte that is not UTF-8
    virtual void control(char c) = 0;                                       // below 0x20, except ESC
    // CSI `parameters` `final`; intermediate characters are at the end of `parameters`.
    virtual void sequence(std::string_view parameters, char final) = 0;
    virtual void escape(char final) = 0;  // ESC `final`, or the C1 control that means the same

  protected:
    ~ControlHandler() = default;
};

// It leaves out, without a word to its handler: control strings (OSC, DCS, APC, PM, SOS, and the title ESC k)
// with their content, ESC with intermediate characters (the choice of a character set), and control sequences
// with more than 256 parameter characters. A newline or a carriage return ends what is unfinished, so that
// nothing behind the line is lost; in a control sequence or after ESC every other control character does, too.
// The C1 controls count in their UTF-8 form (U+0080 to U+009F): a single byte 0x80 to 0x9f is not UTF-8.
// Continuation bytes at the very beginning are left out: there the text was joined within a character.
class ControlParser {
  public:
    void feed(std::string_view bytes, ControlHandler& to);
    // Passes a character on that is incomplete at the end of the text, as invalid bytes.
    void finish(ControlHandler& to);

  private:
    enum class State : std::uint8_t { ground, escape, intermediate, sequence, string };
    void step(char c, ControlHandler& to);
    void step_escape(char c, ControlHandler& to);
    void step_sequence(char c, ControlHandler& to);
    void step_string(char c, ControlHandler& to);
    void step_ground(char c, ControlHandler& to);
    void step_character(char c, ControlHandler& to);

    State state_ = State::ground;
    bool begun_ = false;      // anything but continuation bytes has been seen
    bool after_c2_ = false;   // in a string: the last byte may begin U+009C, which ends the string
    std::string pending_;     // an incomplete character
    std::string parameters_;  // of a control sequence
};

}  // namespace sigmund::text
