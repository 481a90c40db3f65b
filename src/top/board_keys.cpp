// SPDX-License-Identifier: Apache-2.0
// What the keys do.
#include <algorithm>

#include "top/board.hpp"

namespace sigmund::top {
namespace {

using Kind = Key::Kind;

bool is_text(const Key& key, std::string_view text) {
    return key.kind == Kind::text && key.text == text;
}

// Removes the last character of UTF-8 text.
void remove_last(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
    if (!text.empty()) text.pop_back();
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
    // Nobody acts on what cannot be seen.
    if (!layout().fits) {
        mode_.over = is_text(key, "q");
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
    if (key.kind == Kind::up || is_text(key, "k")) return picker_.move(-1);
    if (key.kind == Kind::down || is_text(key, "j")) return picker_.move(1);
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
    if (key.kind == Kind::up || is_text(key, "k")) by = -1;
    if (key.kind == Kind::down || is_text(key, "j")) by = 1;
    if (key.kind == Kind::page_up) by = -page;
    if (key.kind == Kind::page_down) by = page;
    if (by < 0 && lines.selected() + by < lines.first()) log_.extend(runs_.store());
    if (by != 0) return lines.move(by);
    if (key.kind == Kind::home) return lines.home();
    if (key.kind == Kind::end) return lines.end();
    constexpr std::size_t step = 8;
    if (key.kind == Kind::right) mode_.shift += step;
    if (key.kind == Kind::left) mode_.shift -= std::min(step, mode_.shift);
    if (is_text(key, "v")) return lines.mark();
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
        case 'o':
        case 'O':
            if (!log_.show_other(runs_.store(), c == 'O')) mode_.message = "all its output is in this log";
            mode_.more_log = true;
            return;
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
            answer(is_text(key, "y"));
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
    if (key.kind == Kind::up || is_text(key, "k")) by = -1;
    if (key.kind == Kind::down || is_text(key, "j")) by = 1;
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

}  // namespace sigmund::top
