// SPDX-License-Identifier: Apache-2.0
// The question on /dev/tty when a shell exits that has runs left. It cannot hang, and its default keeps the
// runs.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

enum class OnExit : std::uint8_t { ask, stop, keep };
enum class ExitChoice : std::uint8_t {
    keep,   // a person or the policy has said so: the runs belong to no shell from now on
    leave,  // nothing was said (time ran out, a hang-up): they will show as orphans
    stop,   // those in `chosen`
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

// One line for each run, as it is asked about: name, id, age, command, all escaped.
std::vector<std::string> exit_rows(const std::vector<run::Judged>& runs, std::size_t width);

// Follows the policy, and asks the person where the policy says so. `terminal` is opened by the caller; -1:
// none.
ExitAnswer ask_on_exit(const std::vector<run::Judged>& runs, const ExitPolicy& policy, int terminal);
// The terminal, if one may ask there: it can be opened, we are its foreground group, and HUP, TERM and ALRM
// are not blocked (zsh blocks them when it dies of one).
sys::Fd terminal_to_ask();

}  // namespace sigmund::ops
