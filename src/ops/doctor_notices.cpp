// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether the prompt still calls the hook. That cannot be seen from outside, but the
// hook leaves traces: at each prompt it removes the marks of runs that have ended. The doctor leaves such a mark, too,
// and another doctor sees whether it is still there. Whether a prompt was shown in between is not known here, so it is
// left to the reader.
#include <algorithm>
#include <exception>

#include "ops/doctor_parts.hpp"
#include "run/shell_marks.hpp"
#include "run/shell_stores.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"

namespace sigmund::ops {
namespace {

struct Unreported {
    std::size_t runs = 0;
    sys::Millis since_ms = 0;  // when the first of them ended
};

Unreported unreported(const run::Store& store, const std::string& shell) {
    Unreported out;
    for (const std::string& id : run::ShellMarks(store).ended(shell)) {
        run::Record record;
        if (store.load(id, run::Depth::full, record) != run::Read::ok || record.shell != shell) continue;
        const sys::Millis end = record.ended_ms.value_or(sys::realtime_ms());
        out.since_ms = out.runs == 0 ? end : std::min(out.since_ms, end);
        ++out.runs;
    }
    return out;
}

std::string ago(sys::Millis moment) {
    return text::format_duration(sys::realtime_ms() - moment) + " ago";
}

std::string caller_of(run::Shell shell) {
    return shell == run::Shell::bash  ? "PROMPT_COMMAND no longer calls the hook"
           : shell == run::Shell::zsh ? "precmd_functions no longer has the hook"
                                      : "the function of the hook for the event fish_prompt is gone";
}

}  // namespace

void look_at_notices(std::vector<Finding>& out, const ShellScene& scene) {
    if (!scene.hook_loaded) return;
    try {
        const std::string shell = variable("SIGMUND_SHELL_ID");
        const run::Store store = run::Store::open();
        if (!store.present() || store.foreign()) return;
        const run::ShellMarks marks(store);
        const auto asked = marks.asked_ms(shell);
        const Unreported late = unreported(store, shell);
        if (asked)
            out.push_back(
                {Level::advice, "notices",
                 "the hook has not removed what sigmund doctor left for the next prompt " + ago(*asked),
                 "if a prompt was shown since then, " + caller_of(*scene.kind),
                 "sigmund_jobs  # in this shell: it restores what was lost"});
        else if (late.runs > 0)
            out.push_back(
                good("notices", "what ended " + ago(late.since_ms) +
                                    " waits for the next prompt; if a prompt was shown since then, " +
                                    caller_of(*scene.kind) + ", and sigmund_jobs restores it"));
        if (!asked) {
            marks.ask(shell);
            run::show_to_hook(store, shell);
        }
    } catch (const std::exception&) {
        // look_at_store tells what is wrong with the store.
    }
}

}  // namespace sigmund::ops
