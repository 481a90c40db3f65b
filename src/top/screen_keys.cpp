// SPDX-License-Identifier: Apache-2.0
// Which bytes are which key.
#define NCURSES_NOMACROS
#include <curses.h>

#include "top/screen.hpp"

namespace sigmund::top {
namespace {

constexpr int paste_begins = KEY_MAX + 1, paste_ends = KEY_MAX + 2;
constexpr std::size_t longest_paste = 4096;  // bytes

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

void Screen::define_keys() {
    for (const Sequence& sequence : sequences) ::define_key(sequence.bytes, sequence.code);
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

}  // namespace sigmund::top
