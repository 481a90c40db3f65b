// SPDX-License-Identifier: Apache-2.0
// Writes the bytes of a log to a descriptor: as they are, as what is safe for a terminal, as plain text, or
// each line in a form that the caller gives it. Lines may get their times, be chosen, and be kept for a while.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sys/clock.hpp"
#include "text/expression.hpp"

namespace sigmund::ops {

enum class LogText : std::uint8_t {
    by_place,  // what is safe for a terminal on a terminal, elsewhere the bytes; in a form, plain text
    bytes,     // the bytes of the log
    plain      // what a terminal would show, without escape sequences
};

// A line for a form, without its newline.
struct LogLine {
    std::string_view text;          // what is to be shown
    std::string_view bytes;         // what the log has
    std::optional<sys::Millis> at;  // when it was written, if that is known
};

// Which lines of a log are shown.
struct LineChoice {
    const text::Expression* matching =
        nullptr;             // only those that match, without escape sequences; nullptr: all
    sys::Millis until = -1;  // only those before the first one after this time; -1: all
    bool all() const { return !matching && until < 0; }
};

class LineClock;

class LogOutput {
  public:
    using Form = std::function<std::string(const LogLine& line)>;
    struct Shape {
        std::string prefix = {};  // before each line
        LogText text = LogText::by_place;
        Form form = {};       // formats each line, which has no prefix then
        bool stamps = false;  // each line begins with its time
        LineChoice choice = {};
        bool held = false;  // lines are kept until they are taken
        std::size_t most_held = std::numeric_limits<std::size_t>::max();  // and only the last ones
    };
    // A line as it is to be written.
    struct Held {
        std::optional<sys::Millis> at;
        std::string text;
    };

    // Bytes go to the descriptor `out`.
    LogOutput(int out, Shape shape);
    LogOutput(LogOutput&&) noexcept;
    LogOutput& operator=(LogOutput&&) noexcept;
    ~LogOutput();

    // Whether it shows lines that are complete, and not bytes as they come.
    bool by_lines() const;
    // Sets who knows the times of the lines.
    void use(LineClock* clock) { clock_ = clock; }
    // The bytes that begin at this offset of the log.
    void write(std::string_view bytes, off_t offset);
    // Whether bytes that are not written matter: those between the beginning of a line and the first byte
    // that is written may begin an escape sequence.
    bool needs_line_start() const { return filter_ != nullptr; }
    void skip(std::string_view bytes);
    // Writes a last line that has no newline.
    void finish();
    // Whether no more lines are shown, since the time at which they end has come.
    bool done() const { return done_; }
    // Returns the lines that are kept. From release() on, lines are written at once.
    std::deque<Held>& held() { return held_; }
    bool holds() const { return shape_.held; }
    void release() { shape_.held = false; }
    // Whether what was written ends within a line, and the descriptor it went to.
    bool line_open() const { return line_open_; }
    int descriptor() const { return out_; }

    class Filter;

  private:
    void write_text(std::string_view text);
    void take_line(std::string_view line);
    bool matches(std::string_view line);
    std::string in_form(std::string_view line, std::optional<sys::Millis> at);
    std::string with_prefix(std::string_view line, const std::string& prefix) const;

    int out_;
    Shape shape_;
    std::unique_ptr<Filter> filter_, plain_;  // plain_: what is matched
    std::string partial_;                     // the beginning of a line, if it is shown when it is complete
    off_t line_start_ = 0;
    LineClock* clock_ = nullptr;
    std::string ready_;  // what is written next
    std::deque<Held> held_;
    bool line_open_ = false, done_ = false;
};

}  // namespace sigmund::ops
