// SPDX-License-Identifier: Apache-2.0
#include "top/screen.hpp"

#define NCURSES_NOMACROS
#include <curses.h>
#include <unistd.h>

#include <cstdlib>
#include <cwchar>

#include "run/failure.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"
#include "text/base64.hpp"
#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace sigmund::top {
namespace {

constexpr std::size_t longest_copy = 64 * 1024;  // bytes

constexpr short pair_good = 1, pair_attention = 2, pair_bad = 3;

attr_t attributes(Look look) {
    switch (look) {
        case Look::strong:
            return A_BOLD;
        case Look::bar:
        case Look::chosen:
            return A_REVERSE;
        case Look::faint:
            return A_DIM;
        case Look::bad:
            return A_BOLD;
        default:
            return A_NORMAL;
    }
}

short pair_of(Look look) {
    if (look == Look::good) return pair_good;
    if (look == Look::attention) return pair_attention;
    return look == Look::bad ? pair_bad : 0;
}

// Returns the characters of safe text for ncurses. Where the locale has no UTF-8, others than ASCII become '?', one for
// each column.
std::wstring wide(std::string_view safe, bool utf8) {
    std::wstring out;
    for (std::size_t at = 0; at < safe.size();) {
        const text::Utf8Character c = text::decode_utf8(safe, at);
        const std::size_t length = c.length == 0 ? 1 : c.length;
        if (utf8 || (c.length == 1 && c.code < 0x80))
            out += static_cast<wchar_t>(c.length == 0 ? 0xfffd : c.code);
        else if (c.code == 0x2026)
            out += L'~';
        else
            out.append(text::display_width(safe.substr(at, length)), L'?');
        at += length;
    }
    return out;
}

}  // namespace

Screen::Screen(const Terminal& terminal, ScreenState& state)
    : state_(state), utf8_(terminal.utf8), pastes_(terminal.marks_pastes) {
    const Described described(terminal.description);
    state_.on = true;
    terminal_ = ::newterm(terminal.type.c_str(), stdout, stdin);
    if (terminal_ == nullptr) {
        state_.on = false;
        throw run::Failure(run::Exit::usage, "usage", "top cannot draw on the terminal " + terminal.type,
                           "a list that is redrawn: sigmund list --watch");
    }
    const char* no_color = std::getenv("NO_COLOR");
    colour_ = ::has_colors() && (no_color == nullptr || *no_color == '\0');
    if (colour_) {
        ::start_color();
        ::use_default_colors();
        ::init_pair(pair_good, COLOR_GREEN, -1);
        ::init_pair(pair_attention, COLOR_YELLOW, -1);
        ::init_pair(pair_bad, COLOR_RED, -1);
    }
    define_keys();
    ::set_escdelay(25);
    begin();
    take_size();
}

// Sets what every look at the terminal needs, at the beginning and after each return.
void Screen::begin() {
    ::raw();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, true);
    ::nodelay(stdscr, true);
    ::intrflush(stdscr, false);
    ::curs_set(0);
    ::mousemask(mouse_ ? BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, nullptr);
    ::mouseinterval(0);
    if (pastes_) sys::write_all(STDOUT_FILENO, "\x1b[?2004h");
}

Screen::~Screen() {
    leave();
    ::delscreen(static_cast<SCREEN*>(terminal_));
}

// Where the parent has put the terminal back already, since this process was stopped, nothing is written to it.
void Screen::leave() {
    if (!state_.on) return;
    ::mousemask(0, nullptr);
    if (pastes_) sys::write_all(STDOUT_FILENO, "\x1b[?2004l");
    ::endwin();
    state_.on = false;
}

void Screen::enter() {
    if (!::isendwin()) ::endwin();
    state_.on = true;
    take_size();
    ::refresh();
    begin();
    redraw_all();
}

void Screen::take_size() {
    size_ = sys::terminal_size(STDOUT_FILENO);
    ::resizeterm(static_cast<int>(size_.rows), static_cast<int>(size_.columns));
}

void Screen::redraw_all() {
    ::clearok(stdscr, true);
    ::touchwin(stdscr);
}

void Screen::clear() {
    ::werase(stdscr);
}

void Screen::show() {
    ::refresh();
}

void Screen::put(std::size_t row, std::size_t column, std::size_t width, std::string_view raw, Look look) {
    if (row >= size_.rows || column >= size_.columns) return;
    width = std::min(width, size_.columns - column);
    std::string safe;
    text::append_for_display(safe, raw);
    safe = text::truncate(safe, width);
    const std::size_t used = text::display_width(safe);
    if (used < width) safe.append(width - used, ' ');
    const std::wstring characters = wide(safe, utf8_);
    ::attr_set(attributes(look), colour_ ? pair_of(look) : short{0}, nullptr);
    ::mvaddnwstr(static_cast<int>(row), static_cast<int>(column), characters.c_str(),
                 static_cast<int>(characters.size()));
    ::attr_set(A_NORMAL, 0, nullptr);
}

void Screen::set_mouse(bool on) {
    mouse_ = on;
    begin();
}

void Screen::copy(std::string_view text) {
    sys::write_all(STDOUT_FILENO, "\x1b]52;c;" + text::base64(text.substr(0, longest_copy)) + '\a');
}

}  // namespace sigmund::top
