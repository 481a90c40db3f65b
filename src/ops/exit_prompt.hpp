// SPDX-License-Identifier: Apache-2.0
// Asks on /dev/tty what to do with the runs that are left when a shell exits. It cannot hang, and its default
// keeps the runs.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

enum class OnExit : std::uint8_t { ask, stop, keep };
enum class ExitChoice : std::uint8_t {
    keep,   // a person or the policy decided so: the runs no longer belong to any shell
    leave,  // there was no decision (time ran out, a hang-up): the runs will show up as orphans
    stop,   // stop those in `chosen`
};

struct ExitPolicy {
    OnExit on_exit = OnExit::ask;
    OnExit without_terminal = OnExit::keep;  // keep or stop
    sys::Millis timeout = 15'000;
};

struct ExitAnswer {
    ExitChoice choice = ExitChoice::leave;
    std::vector<std::size_t> chosen;  // indices into the runs
};

// Returns one line for each run as the question shows them: name, id, age and command, all escaped. `width`
// is that of the terminal in columns.
std::vector<std::string> exit_rows(const std::vector<run::Judged>& runs, std::size_t width);

// Returns the answer that stops all of them.
ExitAnswer stop_all(const std::vector<run::Judged>& runs);

// Follows the policy, and asks the person where the policy says so. `terminal` is opened by the caller; -1
// means that there is none. The question ends when the shell with this id dies.
ExitAnswer ask_on_exit(const std::vector<run::Judged>& runs, const ExitPolicy& policy, int terminal,
                       const std::string& shell);
// Returns the terminal if asking there is possible: it can be opened, this process is in its foreground
// group, and HUP, TERM and ALRM are not blocked (zsh blocks them while it dies of one of them).
sys::Fd terminal_to_ask();

}  // namespace sigmund::ops
