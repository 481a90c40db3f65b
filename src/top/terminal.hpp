// SPDX-License-Identifier: Apache-2.0
// What is known about the terminal before the screen begins.
#pragma once
#include <string>

namespace sigmund::top {

struct Terminal {
    std::string type;         // the type for ncurses, which may be another one than TERM names
    std::string description;  // what the variable TERMINFO has to be for that; empty: as it is
    std::string
        reset;  // puts the terminal back: its usual screen, cursor, keys, mouse, and pastes without marks
    bool marks_pastes = false;  // it is a kind of xterm, which can mark what is pasted
    bool utf8 = false;          // whether the locale says that the terminal takes UTF-8
};

// Looks at stdin, stdout, TERM, the descriptions of the system and the locale. A type that the system does not know gets the description that is compiled in for its family. Throws
// run::Failure (usage) when there is no terminal, or one that cannot draw.
Terminal find_terminal();

// Returns the compiled-in type that serves for a type without a description: that of its family, or vt100. Empty for a
// terminal that only prints lines.
std::string serving_type(const std::string& type);

// While this lives, ncurses finds the description.
class Described {
  public:
    explicit Described(const std::string& description);
    Described(const Described&) = delete;
    Described& operator=(const Described&) = delete;
    ~Described();

  private:
    bool set_ = false, had_ = false;
    std::string before_;
};

}  // namespace sigmund::top
