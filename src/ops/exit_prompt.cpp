// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_prompt.hpp"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>

#include "ops/exit_dialogue.hpp"
#include "ops/exit_terminal.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"

namespace sigmund::ops {
namespace {

// Returns the answer when no person can be asked, or the person has gone.
ExitAnswer unattended(const std::vector<run::Judged>& runs, const ExitPolicy& policy) {
    return policy.without_terminal == OnExit::stop ? stop_all(runs) : ExitAnswer{ExitChoice::leave, {}};
}

}  // namespace

ExitAnswer stop_all(const std::vector<run::Judged>& runs) {
    ExitAnswer all{ExitChoice::stop, {}};
    for (std::size_t i = 0; i < runs.size(); ++i) all.chosen.push_back(i);
    return all;
}

std::vector<std::string> exit_rows(const std::vector<run::Judged>& runs, std::size_t width) {
    const auto pad = [](const std::string& text, std::size_t to, bool right) {
        const std::size_t has = text::display_width(text);
        const std::string blanks(to > has ? to - has : 0, ' ');
        return right ? blanks + text : text + blanks;
    };
    std::size_t name_width = 6, age_width = 2, id_width = 0, number_width = 1;
    const sys::Millis now = sys::realtime_ms();
    const auto age_of = [&](const run::Record& run) {
        return text::format_age(std::max<sys::Millis>(0, now - run.started_ms));
    };
    for (const run::Judged& each : runs) {
        const run::Record& run = each.record;
        name_width = std::max(name_width, run.name.empty() ? run.id.size() : run.name.size());
        if (!run.name.empty()) id_width = std::max(id_width, run.id.size());
        age_width = std::max(age_width, age_of(run).size());
    }
    if (runs.size() > 9) number_width = 2;
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const run::Record& run = runs[i].record;
        std::string row = "  " + pad(std::to_string(i + 1), number_width, true) + ") ";
        row += pad(run.name.empty() ? run.id : run.name, name_width, false) + "  ";
        if (id_width > 0) row += pad(run.name.empty() ? "" : run.id, id_width, false) + "  ";
        row += pad(age_of(run), age_width, true) + "  ";
        row += run::command_text(run);
        rows.push_back(text::truncate(text::escape_for_display(row), std::max<std::size_t>(width, 20) - 1));
    }
    return rows;
}

sys::Fd terminal_to_ask() {
    sigset_t blocked;
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    for (const int signal : {SIGHUP, SIGTERM, SIGALRM})
        if (::sigismember(&blocked, signal) == 1) return sys::Fd();
    sys::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal || !in_foreground(terminal.get())) return sys::Fd();
    return terminal;
}

ExitAnswer ask_on_exit(const std::vector<run::Judged>& runs, const ExitPolicy& policy, int terminal,
                       const std::string& shell) {
    if (terminal < 0) return unattended(runs, policy);
    if (policy.on_exit == OnExit::stop) return stop_all(runs);
    if (policy.on_exit == OnExit::keep) return {ExitChoice::keep, {}};
    ExitTerminal raw(terminal, shell);
    const DialogueEnd end = raw.ok() ? ExitDialogue(runs, policy.timeout, terminal, raw).ask() : std::nullopt;
    return end ? *end : unattended(runs, policy);
}

}  // namespace sigmund::ops
