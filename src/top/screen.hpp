// SPDX-License-Identifier: Apache-2.0
// The screen and the keys, by ncurses. Only this and top/terminal know that library. Text comes raw and is escaped here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sys/terminal.hpp"
#include "top/minder.hpp"
#include "top/terminal.hpp"

namespace sigmund::top {

// How text looks. A meaning never lies in the colour alone: each look has its words or its mark beside it.
enum class Look : std::uint8_t { plain, strong, bar, chosen, good, attention, bad, faint };

struct Key {
    enum class Kind : std::uint8_t {
        none,
        text,  // one character
        pasted,
        up,
        down,
        left,
        right,
        page_up,
        page_down,
        home,
        end,
        tab,
        enter,
        escape,
        backspace,
        stop,    // Ctrl-Z
        cancel,  // Ctrl-C
        redraw,  // Ctrl-L
        click,
        wheel_up,
        wheel_down,
        other  // a key that has no meaning here
    };
    Kind kind = Kind::none;
    std::string text;     // of text and pasted, in UTF-8
    std::size_t row = 0;  // of click and the wheel
};

class Screen {
  public:
    Screen(const Terminal& terminal, ScreenState& state);
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen();

    std::size_t columns() const { return size_.columns; }
    std::size_t rows() const { return size_.rows; }
    bool utf8() const { return utf8_; }

    // Draws text into `width` columns, cut or filled with blanks.
    void put(std::size_t row, std::size_t column, std::size_t width, std::string_view raw,
             Look look = Look::plain);
    // Begins a new picture, and shows it: only what is different is sent.
    void clear();
    void show();
    void redraw_all();

    // Returns the next key, or Kind::none when there is none yet. Never waits, but for 25 ms after an Esc.
    Key read();
    // Gives the terminal back, and takes it again with its present size.
    void leave();
    void enter();
    void take_size();
    void set_mouse(bool on);
    // Asks the terminal to put text on the clipboard (OSC 52). Many terminals refuse.
    void copy(std::string_view text);

  private:
    static void define_keys();
    Key read_paste();
    void begin();

    ScreenState& state_;
    bool utf8_ = false, colour_ = false, pastes_ = false, mouse_ = false;
    sys::TerminalSize size_;
    void* terminal_ = nullptr;  // of ncurses
};

}  // namespace sigmund::top
