// SPDX-License-Identifier: Apache-2.0
#include "ops/log_output.hpp"

#include <utility>

#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"
#include "text/plain.hpp"
#include "text/terminal_sanitizer.hpp"

namespace sigmund::ops {
namespace {

void put(int out, std::string_view bytes) {
    if (bytes.empty()) return;
    if (const int error = sys::write_all(out, bytes); error != 0) sys::fail(error, "write");
}

}  // namespace

class LogOutput::Filter {
  public:
    virtual ~Filter() = default;
    // Appends what is to be shown for these bytes.
    virtual void feed(std::string_view bytes, std::string& out) = 0;
    virtual void finish(std::string& out) = 0;
    // Forgets the text of the unfinished line, but not the escape sequence in which the bytes end.
    virtual void drop_text() = 0;
    virtual bool line_open() const = 0;
};

namespace {

class SafeFilter : public LogOutput::Filter {
  public:
    void feed(std::string_view bytes, std::string& out) override { sanitizer_.feed(bytes, out); }
    void finish(std::string& out) override { sanitizer_.finish(out); }
    void drop_text() override {}
    bool line_open() const override { return sanitizer_.line_open(); }

  private:
    text::TerminalSanitizer sanitizer_;
};

class PlainFilter : public LogOutput::Filter {
  public:
    PlainFilter() : plain_([this](std::string_view text, Part part) { take(text, part); }) {}
    void feed(std::string_view bytes, std::string& out) override {
        plain_.feed(bytes);
        out += std::exchange(ready_, {});
    }
    void finish(std::string& out) override {
        plain_.finish();
        const std::string rest = plain_.unfinished();
        plain_.drop_unfinished();
        line_open_ = line_open_ || !rest.empty();
        out += std::exchange(ready_, {}) + rest;
    }
    void drop_text() override { plain_.drop_unfinished(); }
    bool line_open() const override { return line_open_; }

  private:
    using Part = text::PlainText::Part;
    void take(std::string_view text, Part part) {
        ready_ += text;
        line_open_ = part == Part::piece;
        if (!line_open_) ready_ += '\n';
    }

    text::PlainText plain_;
    std::string ready_;
    bool line_open_ = false;
};

std::unique_ptr<LogOutput::Filter> filter_for(LogText text, int out, bool has_form) {
    if (text == LogText::plain || (text == LogText::by_place && has_form))
        return std::make_unique<PlainFilter>();
    if (text == LogText::by_place && sys::is_terminal(out)) return std::make_unique<SafeFilter>();
    return nullptr;
}

// Calls `take` with each whole line, without its newline. Returns what is behind the last one.
template <typename Take>
std::string_view each_line(std::string_view text, const Take& take) {
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        take(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return text;
}

}  // namespace

LogOutput::LogOutput(int out, std::string prefix, LogText text, Form form)
    : out_(out),
      prefix_(std::move(prefix)),
      form_(std::move(form)),
      filter_(filter_for(text, out, static_cast<bool>(form_))) {}
LogOutput::LogOutput(LogOutput&&) noexcept = default;
LogOutput& LogOutput::operator=(LogOutput&&) noexcept = default;
LogOutput::~LogOutput() = default;

void LogOutput::write(std::string_view bytes) {
    if (!filter_ || form_) return write_filtered(bytes);
    std::string text;
    filter_->feed(bytes, text);
    write_filtered(text);
    line_open_ = filter_->line_open();
}

void LogOutput::write_filtered(std::string_view text) {
    if (!text.empty()) line_open_ = text.back() != '\n';
    if (prefix_.empty() && !form_) return put(out_, text);
    std::string out;
    const std::string_view rest = each_line(text, [&](std::string_view line) {
        partial_ += line;
        out += form_ ? in_form(partial_) : with_prefix(partial_);
        partial_.clear();
    });
    partial_ += rest;
    put(out_, out);
}

// Returns the objects for a line of the log, which may be shown as several lines, or as none.
std::string LogOutput::in_form(std::string_view line) {
    if (!filter_) return form_({line, line});
    std::string text, out;
    filter_->feed(line, text);
    filter_->feed("\n", text);
    each_line(text, [&](std::string_view shown) { out += form_({shown, line}); });
    return out;
}

// Returns the line after its prefix. On a terminal the prefix is written again where the line is, and the
// attributes of the text do not reach beyond the line.
std::string LogOutput::with_prefix(std::string_view line) const {
    std::string out = prefix_;
    if (!filter_) return out.append(line) + '\n';
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const char c : line) {
        out += c;
        if (c == '\r') out += prefix_;
    }
    if (line.find('\x1b') != std::string_view::npos) out += text::attributes_off;
    return out + '\n';
}

void LogOutput::skip(std::string_view bytes) {
    if (!filter_) return;
    std::string unseen;
    filter_->feed(bytes, unseen);
    filter_->drop_text();
}

void LogOutput::finish() {
    if (filter_ && !form_) {
        std::string last;
        filter_->finish(last);
        line_open_ = filter_->line_open();
        // Behind the last line there may be colours, which begin no line.
        if (prefix_.empty())
            put(out_, last);
        else if (line_open_)
            partial_ += last;
        else
            partial_.clear();
    }
    if (!partial_.empty()) put(out_, form_ ? in_form(partial_) : with_prefix(partial_));
    if (!prefix_.empty() || form_) line_open_ = false;
    partial_.clear();
}

}  // namespace sigmund::ops
