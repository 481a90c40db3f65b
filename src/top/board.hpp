// SPDX-License-Identifier: Apache-2.0
// The screen of `top`: what it shows, and what the keys do. One loop waits for keys, signals, changes of the store and of the
// log, and the ends of verbs that run as children.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sys/signal_queue.hpp"
#include "top/actions.hpp"
#include "top/layout.hpp"
#include "top/log_tail.hpp"
#include "top/picker.hpp"
#include "top/runs.hpp"
#include "top/screen.hpp"
#include "top/verb_child.hpp"

namespace sigmund::top {

// A question or a word that is being typed, in the last line. It belongs to a run by its id, whatever the rows do.
struct Prompt {
    enum class Kind : std::uint8_t { none, confirm, filter, search };
    Kind kind = Kind::none;
    std::string text;                // what is typed, or the question
    std::string id;                  // of confirm
    const Action* action = nullptr;  // of confirm
};

// Text that covers the screen: help, or the output of a verb.
struct Page {
    bool shown = false;
    std::string title, id;  // the keys act on the run with this id; empty: there is none
    std::vector<std::string> lines;
    std::size_t top = 0;
};

struct Mode {
    bool log = false;  // the keys move in the log, not in the list
    bool mouse = false;
    bool over = false;   // the screen is to end
    bool dirty = true;   // something has changed since it was drawn
    bool urgent = true;  // a person waits for the change
    bool more_log = false;
    std::string message;
    std::string word;       // that was searched for last
    std::size_t shift = 0;  // how many columns of the log are left of the screen
};

// When what happens next, in monotonic ms, and which runs are still to be measured in this second.
struct Times {
    sys::Millis tick = 0, drawn = 0;
    std::deque<std::string> to_measure;
    bool fresh = false;  // nothing was measured in this second yet
};

class Board {
  public:
    explicit Board(Screen& screen) : screen_(screen) {}
    // Returns the exit status when a key or a signal ends it.
    int run();

  private:
    // board.cpp
    void wait(const sys::SignalQueue& signals);
    int timeout() const;
    void take_signal(const sys::SignalQueue& signals);
    void tick();
    void measure_next();
    void list_changed();
    void follow_selected();
    void take_children();
    void suspend();
    // board_keys.cpp
    void press(const Key& key);
    void press_in_prompt(const Key& key);
    void press_in_page(const Key& key);
    void press_in_log(const Key& key);
    void press_anywhere(const Key& key);
    void click(const Key& key);
    void search(bool down);
    // board_actions.cpp
    void answer(bool yes);
    void act(char key, const std::string& id);
    void begin(const Action& action, const std::string& id);
    void show_details();
    void show_help();
    // board_draw.cpp
    Layout layout() const;
    void draw();
    void draw_list(const Layout& layout);
    void draw_run(const Layout& layout, std::size_t row, const Run& run, bool chosen);
    void draw_log(const Layout& layout);
    void draw_last(const Layout& layout);
    void draw_page();

    Screen& screen_;
    Runs runs_;
    Picker picker_;
    LogTail log_;
    Prompt prompt_;
    Page page_;
    Mode mode_;
    struct Work {
        Times times;
        std::vector<VerbChild> children;
    } work_;
};

}  // namespace sigmund::top
