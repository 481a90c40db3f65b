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

constexpr int paste_begins = KEY_MAX + 1, paste_ends = KEY_MAX + 2;
constexpr std::size_t longest_paste = 4096, longest_copy = 64 * 1024;  // bytes

// Keys as some terminals send them, whatever their description says. ncurses knows those of the description besides.
struct Sequence {
    const char* bytes;
    int code;
};
constexpr Sequence sequences[] = {
    {"\x1b[200~", paste_begins}, {"\x1b[201~", paste_ends}, {"\x1b[A", KEY_UP},     {"\x1b[B", KEY_DOWN},
    {"\x1b[C", KEY_RIGHT},       {"\x1b[D", KEY_LEFT},      {"\x1b[H", KEY_HOME},   {"\x1b[F", KEY_END},
    {"\x1b[1~", KEY_HOME},       {"\x1b[4~", KEY_END},      {"\x1b[5~", KEY_PPAGE}, {"\x1b[6~", KEY_NPAGE},
    {"\x1bOA", KEY_UP},          {"\x1bOB", KEY_DOWN},      {"\x1bOH", KEY_HOME},   {"\x1bOF", KEY_END},
};

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

Key::Kind kind_of_key(int code) {
    switch (code) {
        case KEY_UP:
            return Key::Kind::up;
        case KEY_DOWN:
            return Key::Kind::down;
        case KEY_LEFT:
            return Key::Kind::left;
        case KEY_RIGHT:
            return Key::Kind::right;
        case KEY_PPAGE:
            return Key::Kind::page_up;
        case KEY_NPAGE:
            return Key::Kind::page_down;
        case KEY_HOME:
        case KEY_FIND:
            return Key::Kind::home;
        case KEY_END:
        case KEY_SELECT:
            return Key::Kind::end;
        case KEY_ENTER:
            return Key::Kind::enter;
        case KEY_BACKSPACE:
        case KEY_DC:
            return Key::Kind::backspace;
        default:
            return Key::Kind::none;
    }
}

Key::Kind kind_of_control(int c) {
    switch (c) {
        case '\t':
            return Key::Kind::tab;
        case '\r':
        case '\n':
            return Key::Kind::enter;
        case 27:
            return Key::Kind::escape;
        case 8:
        case 127:
            return Key::Kind::backspace;
        case 26:
            return Key::Kind::stop;
        case 3:
            return Key::Kind::cancel;
        case 12:
            return Key::Kind::redraw;
        default:
            return Key::Kind::none;
    }
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
    for (const Sequence& sequence : sequences) ::define_key(sequence.bytes, sequence.code);
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

void Screen::leave() {
    if (left_) return;
    left_ = true;
    ::mousemask(0, nullptr);
    if (pastes_) sys::write_all(STDOUT_FILENO, "\x1b[?2004l");
    ::endwin();
    state_.on = false;
}

// Also right when the screen was stopped without leave().
void Screen::enter() {
    if (!left_) ::endwin();
    left_ = false;
    state_.on = true;
    take_size();
    ::refresh();
    begin();
    redraw_all();
}

void Screen::take_size() {
    const sys::TerminalSize size = sys::terminal_size(STDOUT_FILENO);
    columns_ = size.columns;
    rows_ = size.rows;
    ::resizeterm(static_cast<int>(rows_), static_cast<int>(columns_));
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
    if (row >= rows_ || column >= columns_) return;
    width = std::min(width, columns_ - column);
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

// The bytes of a character come one by one.
Key Screen::read() {
    const int c = ::wgetch(stdscr);
    if (c == ERR) return {};
    if (c == paste_begins) return read_paste();
    Key key;
    key.kind = c >= KEY_MIN ? kind_of_key(c) : kind_of_control(c);
    MEVENT event{};
    if (c == KEY_MOUSE && ::getmouse(&event) == 0) {
        key.row = static_cast<std::size_t>(event.y);
        key.kind = (event.bstate & BUTTON4_PRESSED) != 0   ? Key::Kind::wheel_up
                   : (event.bstate & BUTTON5_PRESSED) != 0 ? Key::Kind::wheel_down
                                                           : Key::Kind::click;
    }
    if (key.kind == Key::Kind::none && c >= 0x20 && c < KEY_MIN) {
        key.kind = Key::Kind::text;
        key.text += static_cast<char>(c);
        for (int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0; more > 0; --more)
            if (const int byte = ::wgetch(stdscr); byte >= 0x80 && byte < 0xc0)
                key.text += static_cast<char>(byte);
    }
    // A key without a meaning is no reason to stop reading.
    if (key.kind == Key::Kind::none) key.kind = Key::Kind::other;
    return key;
}

// A paste is no sequence of keys: it comes as one text, which nobody takes who has not asked for text.
Key Screen::read_paste() {
    Key key;
    key.kind = Key::Kind::pasted;
    ::wtimeout(stdscr, 500);  // ms, in which the rest of it must come
    for (int c = ::wgetch(stdscr); c != ERR && c != paste_ends; c = ::wgetch(stdscr))
        if (c >= 0x20 && c < 0x100 && key.text.size() < longest_paste) key.text += static_cast<char>(c);
    ::nodelay(stdscr, true);
    return key;
}

void Screen::set_mouse(bool on) {
    mouse_ = on;
    begin();
}

void Screen::copy(std::string_view text) {
    sys::write_all(STDOUT_FILENO, "\x1b]52;c;" + text::base64(text.substr(0, longest_copy)) + '\a');
}

}  // namespace sigmund::top
