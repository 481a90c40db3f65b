// SPDX-License-Identifier: Apache-2.0
// What can be done to a run, and the pages that tell about it.
#include <utility>

#include "ops/attach.hpp"
#include "run/label.hpp"
#include "top/board.hpp"

namespace sigmund::top {
namespace {

constexpr const char* help[] = {
    "Keys of the list and of the log",
    "  up, down, j, k       another run, or another line of the log",
    "  PgUp, PgDn, Home     further; End follows the log again",
    "  Tab                  moves between the list and the log",
    "  left, right          the rest of long lines of the log",
    "  f                    shows only runs with these words in name, id, state or command",
    "  /                    searches upwards in the log; n and N find the next and the previous one",
    "  o, O                 the next log, or the one before, where stderr or each worker has one of its own",
    "  v, y                 marks lines of the log; copies them to the clipboard of the terminal",
    "  m                    turns the mouse on or off",
    "  Enter                shows all that is known about the run, and what can be done",
    "  ?                    shows this",
    "  q, Ctrl-C            ends this screen; no run is ended by that",
    "  Ctrl-Z               stops this screen until fg",
    "",
    "What can be done to the selected run",
};

std::string line_of(const Action& action) {
    return std::string("  ") + action.key + "  " + std::string(action.words) +
           (action.asks ? ", after a question" : "");
}

}  // namespace

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
            if (run != nullptr) ops::check_attachable(run::View::of(runs_.store()), run->now.record);
            screen_.leave();
            const int status = run_in_terminal({verb, id});
            screen_.enter();
            if (status != 0) mode_.message = verb + ' ' + name + " has ended with " + std::to_string(status);
            return;
        }
        if (action.how == Action::How::page) page_ = {true, verb + ' ' + id, id, {"..."}, 0};
        work_.children.emplace_back(std::vector<std::string>{verb, id});
        if (action.how == Action::How::message) mode_.message = verb + ' ' + name + " ...";
    } catch (const std::exception& error) {
        mode_.message = error.what();
    }
}

void Board::show_details() {
    const Run* run = runs_.find(picker_.selected());
    if (run == nullptr) return;
    static constexpr Action status{'\0', "status", "", Action::How::page};
    begin(status, picker_.selected());
}

void Board::show_help() {
    page_ = {true, "help", picker_.selected(), {std::begin(help), std::end(help)}, 0};
    for (const Action& action : actions()) page_.lines.push_back(line_of(action));
}

}  // namespace sigmund::top
