// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_screen.hpp"

#include <algorithm>

#include "sys/file.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

// Returns how many lines of the terminal the text takes up, where a terminal wraps lines again when it becomes
// narrower.
std::size_t height(const std::string& text, std::size_t width) {
    std::size_t out = 0;
    for (const std::string& line : text::split(text, '\n'))
        out += std::max<std::size_t>(1, (text::display_width(line) + width - 1) / width);
    return out;
}

}  // namespace

std::size_t ExitScreen::columns() const {
    return sys::terminal_size(fd_).columns;
}

std::size_t ExitScreen::rows() const {
    return sys::terminal_size(fd_).rows;
}

void ExitScreen::draw(const std::string& list, const std::string& bottom) {
    list_ = list;
    bottom_ = bottom;
    sys::write_all(fd_, list + bottom);
}

void ExitScreen::redraw(const std::string& list, const std::string& bottom) {
    const std::size_t up = height(list_ + bottom_, columns()) - 1;
    const std::string to_begin = up > 0 ? "\x1b[" + std::to_string(up) + "A" : "";
    list_ = list;
    bottom_ = bottom;
    sys::write_all(fd_, "\r" + to_begin + "\x1b[J" + list + bottom);
}

void ExitScreen::replace_bottom(const std::string& text) {
    if (text == bottom_) return;
    // Blanks overwrite the end of a longer line; this needs no sequence that a simple terminal may not know.
    const std::size_t more = bottom_.size() > text.size() ? bottom_.size() - text.size() : 0;
    sys::write_all(fd_, "\r" + text + std::string(more, ' ') + std::string(more, '\b'));
    bottom_ = text;
}

void ExitScreen::end_line() {
    sys::write_all(fd_, "\n");
    list_ += bottom_ + '\n';
    bottom_.clear();
}

}  // namespace sigmund::ops
