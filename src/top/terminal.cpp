// SPDX-License-Identifier: Apache-2.0
#include "top/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "run/failure.hpp"
#include "sys/terminal.hpp"
#include "terminal_entries.hpp"
#include "top/characters.hpp"
// These come last, since term.h defines many names as macros.
// clang-format off
#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>
// clang-format on

namespace sigmund::top {
namespace {

constexpr const char* hint = "a list that is redrawn: sigmund list --watch";

// Returns the value of a capability without the delays ($<5>) that old terminals need.
std::string capability(const char* name) {
    const char* value = ::tigetstr(name);
    if (value == nullptr || value == reinterpret_cast<const char*>(-1)) return "";
    std::string out(value);
    for (auto at = out.find("$<"); at != out.npos; at = out.find("$<", at)) {
        const auto end = out.find('>', at);
        if (end == out.npos) break;
        out.erase(at, end + 1 - at);
    }
    return out;
}

// The modes of the mouse and of pastes are those of xterm. A terminal that has no mouse ignores them or has another
// meaning for them, so it does not get them.
std::string reset_text() {
    constexpr const char* xterm_modes = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l";
    std::string out = capability("kmous").empty() ? "" : xterm_modes;
    for (const char* name : {"sgr0", "rmkx", "cnorm", "rmcup"}) out += capability(name);
    return out;
}

bool described(const std::string& type) {
    int error = 0;
    if (::setupterm(type.c_str(), STDOUT_FILENO, &error) != 0) return false;
    return !capability("cup").empty() && !capability("clear").empty();
}

const char* entry_of(const std::string& type) {
    for (const TerminalEntry& entry : terminal_entries)
        if (type == entry.type) return entry.description;
    return "";
}

}  // namespace

std::string serving_type(const std::string& type) {
    for (const char* printer : {"", "dumb", "unknown", "emacs", "network", "lpr", "tty", "printer"})
        if (type == printer) return "";
    for (const char* family : {"screen", "tmux", "linux"})
        if (type.starts_with(family))
            return std::string(family) + (std::string_view(family) == "linux" ? "" : "-256color");
    for (const char* old : {"vt", "ansi", "cons", "sun", "wy"})
        if (type.starts_with(old)) return "vt100";
    for (const char* modern :
         {"xterm", "rxvt", "alacritty", "foot", "kitty", "wezterm", "konsole", "gnome", "vte", "st", "iterm",
          "mintty", "contour", "ghostty", "putty", "terminator", "eterm"})
        if (type.starts_with(modern)) return "xterm-256color";
    return "vt100";
}

Described::Described(const std::string& description) : set_(!description.empty()) {
    if (!set_) return;
    const char* before = std::getenv("TERMINFO");
    had_ = before != nullptr;
    if (had_) before_ = before;
    ::setenv("TERMINFO", description.c_str(), 1);
}

Described::~Described() {
    if (!set_) return;
    if (had_)
        ::setenv("TERMINFO", before_.c_str(), 1);
    else
        ::unsetenv("TERMINFO");
}

Terminal find_terminal() {
    using run::Exit;
    using run::Failure;
    if (!sys::is_terminal(STDIN_FILENO) || !sys::is_terminal(STDOUT_FILENO))
        throw Failure(Exit::usage, "usage", "top needs a terminal", "for scripts: sigmund list --json");
    const char* term = std::getenv("TERM");
    Terminal out;
    out.type = term != nullptr ? term : "";
    if (serving_type(out.type).empty())
        throw Failure(Exit::usage, "usage",
                      "top needs a terminal that can move its cursor, and TERM is \"" + out.type + '"', hint);
    if (!described(out.type)) {
        out.type = serving_type(out.type);
        out.description = entry_of(out.type);
        const Described found(out.description);
        if (!described(out.type))
            throw Failure(Exit::usage, "usage", "top finds no description of the terminal " + out.type, hint);
    }
    out.reset = reset_text();
    out.marks_pastes = !capability("kmous").empty();
    ::del_curterm(::cur_term);
    out.utf8 = set_characters();
    return out;
}

}  // namespace sigmund::top
