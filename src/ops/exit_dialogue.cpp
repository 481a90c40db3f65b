// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_dialogue.hpp"

#include <algorithm>
#include <string_view>

#include "ops/exit_choice.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t most_rows = 8;
constexpr int longest_wait = 20;  // in time-outs
constexpr unsigned char key_ctrl_c = 3, key_ctrl_d = 4;

}  // namespace

ExitDialogue::ExitDialogue(const std::vector<run::Judged>& runs, sys::Millis timeout, int fd,
                           ExitTerminal& terminal)
    : runs_(runs),
      timeout_(timeout),
      terminal_(terminal),
      screen_(fd),
      keys_(sys::monotonic_ms()),
      end_(sys::monotonic_ms() + timeout * longest_wait) {}

DialogueEnd ExitDialogue::ask() {
    restart_time();
    screen_.draw(summary(), menu());
    keys_ = ExitKeys(sys::monotonic_ms());
    for (;;) {
        const Turn turn = next();
        if (turn.kind == Turn::Kind::gone) return std::nullopt;
        if (turn.kind == Turn::Kind::time_out) {
            screen_.end_line();
            return ExitAnswer{ExitChoice::leave, {}};
        }
        if (turn.kind == Turn::Kind::resized) screen_.redraw(summary(), menu());
        if (turn.kind == Turn::Kind::answer) {
            if (auto answer = answer_of(turn.key)) {
                screen_.end_line();
                const Turn::Kind end = let_stand(*answer);
                if (end == Turn::Kind::gone) return std::nullopt;
                if (end == Turn::Kind::answer) return answer;
                screen_.draw("", menu());
            } else if (turn.key == 'c' || turn.key == 'C') {
                bool back = false;
                auto end = choose(back);
                if (!back) return end;
                restart_time();
                screen_.draw("", menu());
            }
        }
        screen_.replace_bottom(menu());
    }
}

std::optional<ExitAnswer> ExitDialogue::answer_of(unsigned char key) const {
    switch (key) {
        case 's':
        case 'S':
            return stop_all(runs_);
        case 'k':
        case 'K':
        case '\n':
        case '\r':
        case ExitKeys::escape:
        case key_ctrl_c:
            return ExitAnswer{ExitChoice::keep, {}};
        case key_ctrl_d:  // it often comes from a person who pressed it twice to leave the shell
            return ExitAnswer{ExitChoice::leave, {}};
        default:
            return std::nullopt;
    }
}

void ExitDialogue::restart_time() {
    until_ = std::min(sys::monotonic_ms() + timeout_, end_);
}

ExitDialogue::Turn ExitDialogue::next() {
    constexpr sys::Millis second = 1000;
    const sys::Millis now = sys::monotonic_ms();
    if (now >= until_) return {Turn::Kind::time_out};
    // The menu shows whole seconds.
    const sys::Millis tick = now + (until_ - now - 1) % second + 1;
    const auto event = terminal_.wait(std::min(tick, keys_.due().value_or(tick)));
    const sys::Millis then = sys::monotonic_ms();
    switch (event.kind) {
        case ExitTerminal::Event::Kind::byte:
            if (!keys_.feed(event.byte, then)) return {Turn::Kind::tick};
            restart_time();
            return {Turn::Kind::typed, event.byte};
        case ExitTerminal::Event::Kind::nothing:
            if (const auto key = keys_.answer(then)) return {Turn::Kind::answer, *key};
            return {Turn::Kind::tick};
        case ExitTerminal::Event::Kind::resized:
            return {Turn::Kind::resized};
        case ExitTerminal::Event::Kind::gone:
            break;
    }
    return {Turn::Kind::gone};
}

// Shows the answer to stop runs as if it were being carried out, until it is certain that no key was held down.
// Returns `answer` when it stands, `typed` when a key takes it back, and `gone`. Any key does that, since it was
// perhaps meant for another program, and a stop cannot be undone.
ExitDialogue::Turn::Kind ExitDialogue::let_stand(const ExitAnswer& answer) {
    if (answer.choice != ExitChoice::stop) return Turn::Kind::answer;
    const std::size_t count = answer.chosen.size();
    screen_.draw("", "stopping " + (count == 1 ? "1 run" : std::to_string(count) + " runs") + "...");
    sys::Millis until = keys_.last() + ExitKeys::held;
    for (bool typed = false; !typed;) {
        const auto event = terminal_.wait(until);
        const sys::Millis now = sys::monotonic_ms();
        if (event.kind == ExitTerminal::Event::Kind::gone) return Turn::Kind::gone;
        if (event.kind == ExitTerminal::Event::Kind::byte) {
            typed = keys_.feed(event.byte, now);
            if (keys_.escape_is_open()) until = std::max(until, now + ExitKeys::quiet_after_escape);
        } else if (now >= until) {
            if (!keys_.escape_is_open()) return Turn::Kind::answer;
            typed = true;
        }
    }
    screen_.replace_bottom("stopped nothing, since another key followed");
    screen_.end_line();
    restart_time();
    return Turn::Kind::typed;
}

std::string ExitDialogue::summary() const {
    std::string text = runs_.size() == 1 ? "sigmund: 1 run started in this shell is still running:\n"
                                         : "sigmund: " + std::to_string(runs_.size()) +
                                               " runs started in this shell are still running:\n";
    const auto rows = exit_rows(runs_, screen_.columns());
    for (std::size_t i = 0; i < rows.size() && i < most_rows; ++i) text += rows[i] + '\n';
    if (rows.size() > most_rows) text += "  and " + std::to_string(rows.size() - most_rows) + " more\n";
    return text;
}

// The menu is drawn over itself each second, so it must fit into a line: a longer one would scroll the window.
std::string ExitDialogue::menu() const {
    const sys::Millis left = std::max<sys::Millis>(0, until_ - sys::monotonic_ms());
    const std::string seconds = std::to_string((left + 999) / 1000) + "s)";
    const std::size_t width = screen_.columns();
    for (const char* menu : {"[s]top all   [k]eep   [c]hoose   (keep in ", "[s]top [k]eep [c]hoose ("})
        if (std::string text = menu + seconds; text.size() < width) return text;
    return "s/k/c (" + seconds;
}

// A time-out keeps the runs, as an empty line does.
DialogueEnd ExitDialogue::choose(bool& back) {
    Choosing choosing;
    screen_.end_line();
    choosing.listed = runs_.size() > most_rows || runs_.size() > rows_of_page();
    screen_.draw(page(choosing), question(choosing));
    restart_time();
    for (;;) {
        const Turn turn = next();
        if (turn.kind == Turn::Kind::gone) return std::nullopt;
        if (turn.kind == Turn::Kind::resized) {
            choosing.listed = true;
            choosing.page = 0;
            screen_.redraw(page(choosing), question(choosing));
        }
        if (turn.kind == Turn::Kind::typed) edit(choosing, turn.key);
        if (turn.kind == Turn::Kind::time_out) {
            screen_.end_line();
            return ExitAnswer{ExitChoice::keep, {}};
        }
        if (turn.kind != Turn::Kind::answer) continue;
        back = turn.key == ExitKeys::escape || turn.key == key_ctrl_c || turn.key == key_ctrl_d;
        const bool entered = turn.key == '\n' || turn.key == '\r';
        if (!back && !entered) continue;
        screen_.end_line();
        if (back) return std::nullopt;
        auto answer = enter(choosing);
        if (!answer) continue;
        const Turn::Kind end = let_stand(*answer);
        if (end == Turn::Kind::gone) return std::nullopt;
        if (end == Turn::Kind::answer) return answer;
        screen_.draw("", question(choosing));
    }
}

// Returns nothing, and asks again, when the line is not a choice.
std::optional<ExitAnswer> ExitDialogue::enter(Choosing& choosing) {
    if (auto chosen = parse_choice(choosing.line, runs_.size()))
        return ExitAnswer{chosen->empty() ? ExitChoice::keep : ExitChoice::stop, std::move(*chosen)};
    choosing.line.clear();
    screen_.draw((runs_.size() == 1 ? "please type 1"
                                    : "please type numbers from 1 to " + std::to_string(runs_.size())) +
                     "\n",
                 question(choosing));
    return std::nullopt;
}

// A page leaves room for its title, the question and a message.
std::size_t ExitDialogue::rows_of_page() const {
    const std::size_t rows = screen_.rows();
    return rows > 4 ? rows - 3 : 1;
}

std::string ExitDialogue::page(const Choosing& choosing) const {
    if (!choosing.listed) return "";
    const auto rows = exit_rows(runs_, screen_.columns());
    const std::size_t count = rows_of_page(), first = choosing.page * count;
    const std::size_t after = std::min(rows.size(), first + count);
    std::string text;
    if (rows.size() > count)
        text = "runs " + std::to_string(first + 1) + " to " + std::to_string(after) + " of " +
               std::to_string(rows.size()) + " (n: next, p: previous)\n";
    for (std::size_t i = first; i < after; ++i) text += rows[i] + '\n';
    return text;
}

// The question is short where the long one would not fit with an answer: it is drawn within one line.
std::string ExitDialogue::question(const Choosing& choosing) const {
    constexpr std::size_t usual_answer = 20;
    const std::size_t width = screen_.columns();
    std::string text = "? ";
    for (const char* longer :
         {"stop which? (1 3; a: all) ", "stop which? (such as 1 3; a for all; Enter for none) "})
        if (std::string_view(longer).size() + usual_answer <= width) text = longer;
    // Of a longer answer the end is shown.
    const std::size_t room = width > text.size() + 2 ? width - text.size() - 1 : 1;
    const std::string& line = choosing.line;
    return text + (line.size() > room ? line.substr(line.size() - room) : line);
}

void ExitDialogue::edit(Choosing& choosing, unsigned char key) {
    constexpr unsigned char key_backspace = 8, key_ctrl_u = 21, key_delete = 127;
    constexpr std::size_t longest_line = 2000;
    const std::size_t count = rows_of_page(), pages = (runs_.size() + count - 1) / count;
    std::string& line = choosing.line;
    if (pages > 1 && (key == 'n' || key == 'p')) {
        choosing.page = (choosing.page + (key == 'n' ? 1 : pages - 1)) % pages;
        choosing.listed = true;
        return screen_.redraw(page(choosing), question(choosing));
    }
    if (key == key_backspace || key == key_delete) {
        if (!line.empty()) line.pop_back();
    } else if (key == key_ctrl_u) {
        line.clear();
    } else if (key >= ' ' && key < key_delete && line.size() < longest_line) {
        line += static_cast<char>(key);
    }
    screen_.replace_bottom(question(choosing));
}

}  // namespace sigmund::ops
