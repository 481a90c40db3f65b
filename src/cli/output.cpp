// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/render_json.hpp"
#include "cli/styles.hpp"
#include "sys/error.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {

using run::Failure;

std::size_t output_columns() {
    return sys::is_terminal(STDOUT_FILENO) ? sys::terminal_size(STDOUT_FILENO).columns : 0;
}

void print_data(std::string_view data) {
    if (const int error = sys::write_all(STDOUT_FILENO, data); error != 0)
        sys::fail(error, "write", "stdout");
}

void print(const text::Page& page) {
    print_data(page.text());
}

namespace {

// What the next message has to write first, so that it begins on a line of its own.
enum class Before : unsigned char { nothing, newline, wrap };
Before before_next = Before::nothing;

std::string take_before_next() {
    switch (std::exchange(before_next, Before::nothing)) {
        case Before::newline:
            return "\n";
        case Before::wrap:
            // These blanks fill an empty line, which the cursor does not leave. Behind other text they end on the
            // next line.
            return std::string(sys::terminal_size(STDERR_FILENO).columns, ' ') + '\r';
        case Before::nothing:
            break;
    }
    return {};
}

// Returns whether two descriptors lead to the same terminal, file or pipe.
bool same_place(int a, int b) {
    struct stat first {
    }, second{};
    return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

}  // namespace

void end_open_lines(const std::vector<ops::FollowOutcome>& outcomes) {
    for (const ops::FollowOutcome& each : outcomes)
        if (each.open_line[1] || (each.open_line[0] && same_place(STDOUT_FILENO, STDERR_FILENO)))
            before_next = Before::newline;
}

void begin_fresh_line() {
    const char* term = std::getenv("TERM");
    if (sys::is_terminal(STDERR_FILENO) && term != nullptr && std::string_view(term) != "dumb")
        before_next = Before::wrap;
}

void print(std::string_view text) {
    std::string out;
    text::append_for_display(out, text, true);
    print_data(out);
}

void say(const std::string& message) {
    say(text::Page().line(message));
}

namespace {

// `style` is that of the first word.
std::string said(const text::Page& lines, std::string_view style) {
    std::string out = take_before_next();
    const std::string& text = lines.text();
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        out.append(style).append("sigmund:").append(style.empty() ? "" : styles::plain);
        out.append(1, ' ').append(text, at, end - at) += '\n';
        at = end + 1;
        style = {};
    }
    return out;
}

}  // namespace

std::string said(const text::Page& lines) {
    return said(lines, {});
}

void say(const text::Page& lines) {
    sys::write_all(STDERR_FILENO, said(lines));
}

void say_in_raw_mode(const std::string& message) {
    std::string line = said(text::Page().line(message));
    if (sys::is_terminal(STDERR_FILENO)) line.insert(line.size() - 1, 1, '\r');
    sys::write_all(STDERR_FILENO, line);
}

void show(const text::Page& lines) {
    sys::write_all(STDERR_FILENO, take_before_next() + lines.text());
}

void warn(const std::string& message) {
    text::Page line;
    line.add("warning:", style_if(use_color(STDERR_FILENO), styles::yellow)).line(' ' + message);
    say(line);
}

void tell_failure(const Failure& failure, bool json) {
    if (json) {
        sys::write_all(STDERR_FILENO, take_before_next() + error_json(failure) + '\n');
        return;
    }
    text::Page lines;
    lines.line(failure.what());
    if (!failure.hint.empty()) lines.line("hint: " + failure.hint);
    sys::write_all(STDERR_FILENO, said(lines, style_if(use_color(STDERR_FILENO), styles::red)));
}

}  // namespace sigmund::cli
