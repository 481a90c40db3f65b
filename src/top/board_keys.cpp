// SPDX-License-Identifier: Apache-2.0
// What the keys do.
#include <algorithm>

#include "run/label.hpp"
#include "sys/clock.hpp"
#include "top/board.hpp"

namespace sigmund::top {
namespace {

using Kind = Key::Kind;

constexpr const char* help[] = {
    "Keys of the list and of the log",
    "  up, down, j, k       another run, or another line of the log",
    "  PgUp, PgDn, Home     further; End follows the log again",
    "  Tab                  moves between the list and the log",
    "  left, right          the rest of long lines of the log",
    "  f                    shows only runs with these words in name, id, state or command",
    "  /                    searches upwards in the log; n and N find the next and the previous one",
    "  v, y                 marks lines of the log; copies them to the clipboard of the terminal",
    "  m                    turns the mouse on or off",
    "  Enter                shows all that is known about the run, and what can be done",
    "  ?                    shows this",
    "  q, Ctrl-C            ends this screen; no run is ended by that",
    "  Ctrl-Z               stops this screen until fg",
    "",
    "What can be done to the selected run",
};

// Removes the last character of UTF-8 text.
void remove_last(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
    if (!text.empty()) text.pop_back();
}

std::string line_of(const Action& action) {
    return std::string("  ") + action.key + "  " + std::string(action.words) +
           (action.asks ? ", after a question" : "");
}

}  // namespace

void Board::press(const Key& key) {
    mode_.dirty = mode_.urgent = true;
    if (key.kind == Kind::redraw) return screen_.redraw_all();
    if (key.kind == Kind::stop) return suspend();
    if (key.kind == Kind::cancel) {
        mode_.over = true;
        return;
    }
    if (prompt_.kind != Prompt::Kind::none) return press_in_prompt(key);
    mode_.message.clear();
    if (page_.shown) return press_in_page(key);
    if (key.kind == Kind::click || key.kind == Kind::wheel_up || key.kind == Kind::wheel_down)
        return click(key);
    if (mode_.log) return press_in_log(key);
    const auto page = static_cast<std::int64_t>(std::max<std::size_t>(1, layout().list_rows));
    const auto all = static_cast<std::int64_t>(picker_.shown().size());
    const bool letter = key.kind == Kind::text;
    if (key.kind == Kind::up || (letter && key.text == "k")) return picker_.move(-1);
    if (key.kind == Kind::down || (letter && key.text == "j")) return picker_.move(1);
    if (key.kind == Kind::page_up) return picker_.move(-page);
    if (key.kind == Kind::page_down) return picker_.move(page);
    if (key.kind == Kind::home) return picker_.move(-all);
    // The log that is scrolled back follows again, and only then End is the end of the list.
    if (key.kind == Kind::end && !log_.lines().following()) return log_.lines().end();
    if (key.kind == Kind::end) return picker_.move(all);
    press_anywhere(key);
}

void Board::press_in_log(const Key& key) {
    LogLines& lines = log_.lines();
    const auto page = static_cast<std::int64_t>(std::max<std::size_t>(1, layout().log_rows));
    std::int64_t by = 0;
    if (key.kind == Kind::up || (key.kind == Kind::text && key.text == "k")) by = -1;
    if (key.kind == Kind::down || (key.kind == Kind::text && key.text == "j")) by = 1;
    if (key.kind == Kind::page_up) by = -page;
    if (key.kind == Kind::page_down) by = page;
    if (by < 0 && lines.selected() + by < lines.first()) log_.extend(runs_.store());
    if (by != 0) return lines.move(by);
    if (key.kind == Kind::home) return lines.home();
    if (key.kind == Kind::end) return lines.end();
    constexpr std::size_t step = 8;
    if (key.kind == Kind::right) mode_.shift += step;
    if (key.kind == Kind::left) mode_.shift -= std::min(step, mode_.shift);
    if (key.kind == Kind::text && key.text == "v") return lines.mark();
    press_anywhere(key);
}

void Board::press_anywhere(const Key& key) {
    if (key.kind == Kind::tab) mode_.log = !mode_.log;
    if (key.kind == Kind::enter) return show_details();
    if (key.kind == Kind::escape) {
        picker_.set_filter("");
        mode_.word.clear();
    }
    if (key.kind != Kind::text) return;
    const char c = key.text.size() == 1 ? key.text[0] : '\0';
    switch (c) {
        case 'q':
            mode_.over = true;
            return;
        case '?':
            return show_help();
        case 'f':
            prompt_ = {Prompt::Kind::filter, picker_.filter(), {}, nullptr};
            return;
        case '/':
            prompt_ = {Prompt::Kind::search, {}, {}, nullptr};
            return;
        case 'n':
        case 'N':
            return search(c == 'N');
        case 'm':
            mode_.mouse = !mode_.mouse;
            screen_.set_mouse(mode_.mouse);
            mode_.message = mode_.mouse ? "the mouse is on" : "the mouse is off";
            return;
        case 'y': {
            const std::string text = log_.lines().copy();
            if (text.empty()) return;
            screen_.copy(text);
            mode_.message =
                "copied " + std::to_string(std::count(text.begin(), text.end(), '\n')) + " line(s)";
            return;
        }
        default:
            act(c, picker_.selected());
    }
}

void Board::press_in_prompt(const Key& key) {
    if (prompt_.kind == Prompt::Kind::confirm) {
        // A key that means nothing here (such as a turn of the wheel) answers nothing.
        if (key.kind == Kind::text || key.kind == Kind::escape || key.kind == Kind::enter)
            answer(key.kind == Kind::text && key.text == "y");
        return;
    }
    const bool filter = prompt_.kind == Prompt::Kind::filter;
    if (key.kind == Kind::text || key.kind == Kind::pasted) prompt_.text += key.text;
    if (key.kind == Kind::backspace) remove_last(prompt_.text);
    if (key.kind == Kind::escape) prompt_.text.clear();
    if (filter) picker_.set_filter(prompt_.text);
    if (key.kind != Kind::enter && key.kind != Kind::escape) return;
    const std::string word = prompt_.text;
    prompt_ = {};
    if (filter || word.empty()) return;
    mode_.word = word;
    mode_.log = true;
    search(false);
}

// The end of the log is read in larger and larger parts until the word is found.
void Board::search(bool down) {
    if (mode_.word.empty()) {
        mode_.message = "nothing was searched for yet: / begins";
        return;
    }
    do
        if (log_.lines().search(mode_.word, down)) return;
    while (!down && log_.extend(runs_.store()));
    mode_.message = '"' + mode_.word + (down ? "\" is not further down" : "\" is not further up") +
                    (!down && !log_.remark().empty() ? " in the last part of the log" : "");
}

void Board::press_in_page(const Key& key) {
    const std::size_t height = screen_.rows() > 2 ? screen_.rows() - 2 : 1;
    const std::size_t lowest = page_.lines.size() > height ? page_.lines.size() - height : 0;
    std::int64_t by = 0;
    if (key.kind == Kind::up || (key.kind == Kind::text && key.text == "k")) by = -1;
    if (key.kind == Kind::down || (key.kind == Kind::text && key.text == "j")) by = 1;
    if (key.kind == Kind::page_up) by = -static_cast<std::int64_t>(height);
    if (key.kind == Kind::page_down) by = static_cast<std::int64_t>(height);
    if (key.kind == Kind::home) by = -static_cast<std::int64_t>(page_.lines.size());
    if (key.kind == Kind::end) by = static_cast<std::int64_t>(page_.lines.size());
    page_.top = static_cast<std::size_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(page_.top) + by,
                                                                  0, static_cast<std::int64_t>(lowest)));
    const bool closes = key.kind == Kind::escape || key.kind == Kind::enter ||
                        (key.kind == Kind::text && (key.text == "q" || key.text == "?"));
    const std::string id = page_.id;
    if (closes) page_ = {};
    if (by == 0 && !closes && key.kind == Kind::text && key.text.size() == 1 && !id.empty())
        act(key.text[0], id);
}

void Board::click(const Key& key) {
    const Layout where = layout();
    const std::int64_t by = key.kind == Kind::wheel_up ? -3 : key.kind == Kind::wheel_down ? 3 : 0;
    if (key.row >= where.log_title) {
        if (by != 0) log_.lines().move(by);
        mode_.log = true;
    } else if (key.row >= where.list_at) {
        mode_.log = false;
        if (by != 0)
            picker_.move(by);
        else
            picker_.select_row(picker_.first_row(where.list_rows) + key.row - where.list_at);
    }
}

void Board::act(char key, const std::string& id) {
    const Run* run = runs_.find(id);
    if (run == nullptr) return;
    const Action* action = action_of(key, run->now);
    if (action == nullptr) {
        for (const Action& other : actions())
            if (other.key == key)
                mode_.message = run::label(run->now.record) + (run->now.live() ? " is not over" : " is over");
        return;
    }
    if (!action->asks) return begin(*action, id);
    page_ = {};
    prompt_ = {Prompt::Kind::confirm, question(*action, run->now.record), id, action};
}

void Board::answer(bool yes) {
    const Prompt prompt = std::move(prompt_);
    prompt_ = {};
    if (yes)
        begin(*prompt.action, prompt.id);
    else
        mode_.message = "nothing was done";
}

void Board::begin(const Action& action, const std::string& id) {
    const std::string verb(action.verb);
    const Run* run = runs_.find(id);
    const std::string name = run != nullptr ? run::label(run->now.record) : id;
    try {
        if (action.how == Action::How::terminal) {
            screen_.leave();
            run_in_terminal({verb, id});
            screen_.enter();
            return;
        }
        if (action.how == Action::How::page) page_ = {true, verb + ' ' + id, id, {"..."}, 0};
        work_.children.emplace_back(std::vector<std::string>{verb, id});
        if (action.how == Action::How::message) mode_.message = verb + ' ' + name + " ...";
    } catch (const std::exception& error) {
        screen_.enter();
        mode_.message = error.what();
    }
}

void Board::show_details() {
    const Run* run = runs_.find(picker_.selected());
    if (run == nullptr) return;
    static constexpr Action show{'\0', "show", "", Action::How::page};
    begin(show, picker_.selected());
}

void Board::show_help() {
    page_ = {true, "help", picker_.selected(), {std::begin(help), std::end(help)}, 0};
    for (const Action& action : actions()) page_.lines.push_back(line_of(action));
}

}  // namespace sigmund::top
