// SPDX-License-Identifier: Apache-2.0
// This file computes what a terminal would show after it had printed some bytes, as lines of plain text.
// Progress bars that rewrite their line, colours, titles and cursor movements leave what a person sees at the
// end, and no control sequence remains.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "text/control_parser.hpp"
#include "text/terminal_line.hpp"

namespace sigmund::text {

// A filter: what a program writes goes in, in any pieces, and lines come out. They are valid UTF-8 without
// control characters; only a tab stays, unless it is to become blanks. Text without control characters comes
// out as it went in. No line wraps, since nobody knows the width of the terminal for which it was written.
//
// A carriage return, a backspace and the sequences CSI C D G K X P @ act on the line that is being written:
// what comes later overwrites it, and wide characters have two columns. A line that has ended is not changed
// any more: where a program moves the cursor up to draw again, each picture is a line of its own. What is
// written to the alternate screen is left out, and so are all other controls, except the text of links (OSC
// 8). A byte that is not UTF-8 becomes U+FFFD.
//
// It takes linear time. A line of more than TerminalLine::limit columns or bytes comes in several parts.
class PlainText final : private ControlHandler {
  public:
    enum class Part : std::uint8_t {
        line,   // a whole line, or the rest of one
        piece,  // the beginning or the middle of a very long line, which goes on in the next part
        state   // an unfinished line before it is overwritten; only if that is asked for
    };
    struct Options {
        bool tabs_as_blanks = false;
        bool states = false;
    };
    using Sink = std::function<void(std::string_view text, Part part)>;

    explicit PlainText(Sink sink) : PlainText(std::move(sink), Options{}) {}
    PlainText(Sink sink, Options options) : sink_(std::move(sink)), options_(options) {}

    void feed(std::string_view bytes) { parser_.feed(bytes, *this); }
    // Ends the input. Afterwards unfinished() has the last line, if that has no newline.
    void finish() { parser_.finish(*this); }
    // Returns the line that has not ended, as a person sees it now; empty if there is none.
    std::string unfinished() const { return line_.text(); }
    bool has_unfinished() const { return !line_.empty(); }
    // Forgets the unfinished line: what comes next begins a line.
    void drop_unfinished();

  private:
    void ascii(std::string_view run) override;
    void character(std::string_view character, char32_t code) override;
    void invalid_byte() override;
    void control(char c) override;
    void sequence(std::string_view parameters, char final) override;
    void escape(char final) override;

    void put(std::string_view character, std::size_t width);
    void move(char final, std::size_t first, std::size_t second);
    void change(char final, std::size_t first);
    void move_back(std::size_t column);
    void set_screen(std::string_view parameters, bool alternate);
    void before_change(bool erases);
    void end_line(Part part);
    void end_if_full();
    void end_frame(std::size_t column);
    void restore_cursor();

    Sink sink_;
    Options options_;
    ControlParser parser_;
    TerminalLine line_;
    bool alternate_ = false;  // the alternate screen is shown
    struct Saved {
        std::size_t column = 0;
        bool here = false;  // it is on this line
    } saved_;
    struct Progress {
        std::size_t written = 0;  // characters since the last part
        bool changed = false;     // since the last part
        bool back = false;        // the cursor has moved back since the last change
    } progress_;
};

struct PlainLimits {
    std::size_t columns = 4096;  // a longer line is cut, and ends with U+2026
    std::size_t lines = 1000;    // this many last lines are kept
};

// Returns the lines of a text that is complete, without tabs, without blanks at their ends, and without empty
// lines after the last one.
std::vector<std::string> plain_lines(std::string_view bytes, const PlainLimits& limits = {});

}  // namespace sigmund::text
