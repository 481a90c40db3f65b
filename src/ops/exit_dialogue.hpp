// SPDX-License-Identifier: Apache-2.0
// The question at the exit of a shell, on a terminal: the list of runs, the menu, and the choice of single
// runs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/exit_keys.hpp"
#include "ops/exit_prompt.hpp"
#include "ops/exit_screen.hpp"
#include "ops/exit_terminal.hpp"

namespace sigmund::ops {

// The end of the question. It is empty when the terminal or the shell is gone, so that nobody can answer.
using DialogueEnd = std::optional<ExitAnswer>;

class ExitDialogue {
  public:
    ExitDialogue(const std::vector<run::Judged>& runs, sys::Millis timeout, int fd, ExitTerminal& terminal);
    DialogueEnd ask();

  private:
    // What happened while the question waited.
    struct Turn {
        enum class Kind : unsigned char {
            answer,  // `key` is an answer, if it has a meaning
            typed,   // `key` was typed, and may become an answer
            tick,    // some time passed
            resized,
            time_out,
            gone,
        } kind;
        unsigned char key = 0;
    };
    // The state of the choice of runs.
    struct Choosing {
        std::string line;
        std::size_t page = 0;
        bool listed = false;
    };

    Turn next();
    Turn::Kind let_stand(const ExitAnswer& answer);
    void restart_time();
    std::string summary() const;
    std::string menu() const;
    std::optional<ExitAnswer> answer_of(unsigned char key) const;

    DialogueEnd choose(bool& back);
    std::string page(const Choosing& choosing) const;
    std::size_t rows_of_page() const;
    std::string question(const Choosing& choosing) const;
    void edit(Choosing& choosing, unsigned char key);
    std::optional<ExitAnswer> enter(Choosing& choosing);

    const std::vector<run::Judged>& runs_;
    sys::Millis timeout_;
    ExitTerminal& terminal_;
    ExitScreen screen_;
    ExitKeys keys_;
    sys::Millis until_ = 0;  // the question times out then
    sys::Millis end_;        // it ends then even while a person is typing
};

}  // namespace sigmund::ops
