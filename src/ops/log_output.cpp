// SPDX-License-Identifier: Apache-2.0
#include "ops/log_output.hpp"

#include <utility>

#include "ops/line_clock.hpp"
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

LogOutput::LogOutput(int out, Shape shape)
    : out_(out),
      shape_(std::move(shape)),
      filter_(filter_for(shape_.text, out, static_cast<bool>(shape_.form))) {
    if (shape_.choice.matching) plain_ = std::make_unique<PlainFilter>();
}
LogOutput::LogOutput(LogOutput&&) noexcept = default;
LogOutput& LogOutput::operator=(LogOutput&&) noexcept = default;
LogOutput::~LogOutput() = default;

bool LogOutput::by_lines() const {
    return shape_.form || shape_.stamps || !shape_.choice.all() || shape_.held;
}

void LogOutput::write(std::string_view bytes, off_t offset) {
    if (!by_lines()) {
        if (!filter_) return write_text(bytes);
        std::string text;
        filter_->feed(bytes, text);
        write_text(text);
        line_open_ = filter_->line_open();
        return;
    }
    const char* const first = bytes.data();
    const auto begin_line = [&](std::string_view line) {
        if (partial_.empty()) line_start_ = offset + (line.data() - first);
    };
    const std::string_view rest = each_line(bytes, [&](std::string_view line) {
        begin_line(line);
        if (partial_.empty()) return take_line(line);
        partial_ += line;
        take_line(partial_);
        partial_.clear();
    });
    if (!rest.empty()) begin_line(rest);
    partial_ += rest;
    put(out_, std::exchange(ready_, {}));
}

void LogOutput::write_text(std::string_view text) {
    if (!text.empty()) line_open_ = text.back() != '\n';
    if (shape_.prefix.empty()) return put(out_, text);
    std::string out;
    const std::string_view rest = each_line(text, [&](std::string_view line) {
        partial_ += line;
        out += with_prefix(partial_, shape_.prefix);
        partial_.clear();
    });
    partial_ += rest;
    put(out_, out);
}

// Takes a whole line of the log, which may be shown as several lines, or as none.
void LogOutput::take_line(std::string_view line) {
    if (done_) return;
    std::optional<sys::Millis> at;
    if (clock_) at = clock_->time_of(line_start_, line);
    done_ = shape_.choice.until >= 0 && at && *at > shape_.choice.until;
    if (done_) return;
    const bool chosen = matches(line);
    std::string text =
        in_form(line, at);  // also of a line that is not chosen, as it may change the next ones
    if (!chosen) return;
    if (!shape_.held) {
        ready_ += text;
        return;
    }
    held_.push_back({at, std::move(text)});
    if (held_.size() > shape_.most_held) held_.pop_front();
}

bool LogOutput::matches(std::string_view line) {
    if (!plain_) return true;
    std::string text;
    plain_->feed(line, text);
    plain_->feed("\n", text);
    bool found = false;
    each_line(text, [&](std::string_view shown) {
        found = found || shape_.choice.matching->matches(std::string(shown));
    });
    return found;
}

std::string LogOutput::in_form(std::string_view line, std::optional<sys::Millis> at) {
    std::string prefix = shape_.prefix;
    if (shape_.stamps) prefix += local_stamp(at) + ' ';
    const auto form = [&](std::string_view shown) {
        return shape_.form ? shape_.form({shown, line, at}) : with_prefix(shown, prefix);
    };
    if (!filter_) return form(line);
    std::string text, out;
    filter_->feed(line, text);
    filter_->feed("\n", text);
    each_line(text, [&](std::string_view shown) { out += form(shown); });
    return out;
}

// Returns the line after its prefix. On a terminal the prefix is written again where the line is, and the
// attributes of the text do not reach beyond the line.
std::string LogOutput::with_prefix(std::string_view line, const std::string& prefix) const {
    std::string out = prefix;
    if (!filter_) return out.append(line) + '\n';
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const char c : line) {
        out += c;
        if (c == '\r') out += prefix;
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
    if (by_lines()) {
        if (!partial_.empty()) take_line(partial_);
        partial_.clear();
        put(out_, std::exchange(ready_, {}));
        line_open_ = false;
        return;
    }
    if (filter_) {
        std::string last;
        filter_->finish(last);
        line_open_ = filter_->line_open();
        // Behind the last line there may be colours, which begin no line.
        if (shape_.prefix.empty())
            put(out_, last);
        else if (line_open_)
            partial_ += last;
        else
            partial_.clear();
    }
    if (!partial_.empty()) put(out_, with_prefix(partial_, shape_.prefix));
    if (!shape_.prefix.empty()) line_open_ = false;
    partial_.clear();
}

}  // namespace sigmund::ops
