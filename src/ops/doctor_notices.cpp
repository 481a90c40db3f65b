// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether the prompt still calls the hook. That cannot be seen from outside, but the
// hook leaves traces: at each prompt it removes the marks of runs that have ended. The doctor leaves such a mark, too,
// and another doctor sees whether it is still there. Whether a prompt was shown in between is not known here, so it is
// left to the reader.
#include "ops/doctor_parts.hpp"
#include "run/failure.hpp"
#include "run/label.hpp"
#include "run/shell_marks.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t most_named = 5;

// Returns the names of runs that have ended without a notice in this shell.
std::vector<std::string> unreported(const run::Store& store, const std::string& shell) {
    std::vector<std::string> names;
    for (const std::string& id : run::ShellMarks(store).ended(shell)) {
        run::Record record;
        if (store.load(id, run::Depth::head, record) == run::Read::ok && record.shell == shell)
            names.push_back(run::short_label(record));
    }
    return names;
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
        std::vector<std::string> names = unreported(store, shell);
        const auto asked = marks.asked_ms(shell);
        std::string what;
        if (!names.empty()) {
            what = std::to_string(names.size()) + (names.size() == 1 ? " run has" : " runs have") +
                   " ended without a notice in this shell (";
            if (names.size() > most_named) {
                names.resize(most_named);
                names.emplace_back("...");
            }
            what += text::join(names, ", ") + ')';
        } else if (asked) {
            what = "no prompt of this shell has called the hook since sigmund doctor ran here " +
                   text::format_duration(sys::realtime_ms() - *asked) + " ago";
        }
        if (!what.empty())
            out.push_back({Level::advice, "notices", what,
                           "if this shell has shown a prompt since then, " + caller_of(*scene.kind),
                           "sigmund_jobs  # in this shell: it puts back what was lost"});
        if (!asked) marks.ask(shell);
    } catch (const run::Failure&) {
        // look_at_store tells what is wrong with the store.
    }
}

}  // namespace sigmund::ops
