// SPDX-License-Identifier: Apache-2.0
// This file makes the output of a program safe for the terminal of somebody who reads it later. Whoever can
// write to a log must not be able to make the reader's terminal answer, since an answer is typed into the
// reader's shell, nor to change its modes, title or clipboard, nor to write anywhere but on the current line.
#pragma once
#include <string>
#include <string_view>

#include "text/control_parser.hpp"

namespace sigmund::text {

// A filter: what a program writes goes in, in any pieces. What comes out is text, tab, newline, carriage
// return, backspace, colours and other attributes (SGR), and the erasing of the current line (CSI K). Everything
// else is left out. A sequence comes out when it is complete; what is kept of it is bounded. A byte that is
// not UTF-8 becomes U+FFFD: the terminal is taken to be one for UTF-8. The input must begin outside of an escape
// sequence, as it does at the beginning of a line.
class TerminalSanitizer final : private ControlHandler {
  public:
    // Appends to `out`.
    void feed(std::string_view bytes, std::string& out);
    // Ends the input: appends what switches the attributes off that are still on.
    void finish(std::string& out);
    // Whether what has come out ends within a line.
    bool line_open() const { return line_open_; }

  private:
    void ascii(std::string_view run) override;
    void character(std::string_view character, char32_t code) override;
    void invalid_byte() override;
    void control(char c) override;
    void sequence(std::string_view parameters, char final) override;
    void escape(char final) override;

    ControlParser parser_;
    std::string* out_ = nullptr;  // during a call
    bool attributes_on_ = false;  // some attribute, such as a colour
    bool line_open_ = false;
};

// Whether the control sequence does no more than to set attributes (SGR), or to erase on the current line (EL).
bool sets_attributes(std::string_view parameters, char final);
bool erases_in_line(std::string_view parameters, char final);

// Switches all attributes off.
inline constexpr std::string_view attributes_off = "\x1b[0m";

}  // namespace sigmund::text
