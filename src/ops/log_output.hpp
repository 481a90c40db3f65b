// SPDX-License-Identifier: Apache-2.0
// Writes the bytes of a log to a descriptor: as they are, as what is safe for a terminal, as plain text, or
// each line in a form that the caller gives it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sigmund::ops {

enum class LogText : std::uint8_t {
    by_place,  // what is safe for a terminal on a terminal, elsewhere the bytes; in a form, plain text
    bytes,     // the bytes of the log
    plain      // what a terminal would show, without escape sequences
};

// A line for a form, without its newline.
struct LogLine {
    std::string_view text;   // what is to be shown
    std::string_view bytes;  // what the log has
};

class LogOutput {
  public:
    using Form = std::function<std::string(const LogLine& line)>;

    // Bytes go to the descriptor `out`, with `prefix` before each line.
    LogOutput(int out, std::string prefix, LogText text, Form form);
    LogOutput(LogOutput&&) noexcept;
    LogOutput& operator=(LogOutput&&) noexcept;
    ~LogOutput();

    void write(std::string_view bytes);
    // Whether bytes that are not written matter: those between the beginning of a line and the first byte
    // that is written may begin an escape sequence.
    bool needs_line_start() const { return filter_ != nullptr; }
    void skip(std::string_view bytes);
    // Writes a last line that has no newline.
    void finish();
    // Whether what was written ends within a line, and the descriptor it went to.
    bool line_open() const { return line_open_; }
    int descriptor() const { return out_; }

    class Filter;

  private:
    void write_filtered(std::string_view text);
    std::string in_form(std::string_view line);
    std::string with_prefix(std::string_view line) const;

    int out_;
    std::string prefix_;
    Form form_;
    std::unique_ptr<Filter> filter_;
    std::string partial_;  // the beginning of a line, if lines have a prefix or a form
    bool line_open_ = false;
};

}  // namespace sigmund::ops
