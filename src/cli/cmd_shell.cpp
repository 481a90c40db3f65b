// SPDX-License-Identifier: Apache-2.0
// What a shell evaluates: its hook and its completions. The text is static, so that a shell may cache it.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "cli/shell_policy.hpp"
#include "ops/shell_runs.hpp"
#include "run/failure.hpp"
#include "run/target.hpp"
#include "sys/file.hpp"
#include "sys/procfs.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

Shell named_shell(const std::string& word) {
    if (const auto shell = parse_shell(word)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "no kit for the shell " + word, "bash, zsh or fish");
}

// Without a word: the shell that evaluates us, which is our parent.
Shell parent_shell() {
    const auto stat = sys::Procfs().stat(::getppid());
    if (stat)
        if (const auto shell = parse_shell(stat->comm)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "cannot tell which shell this is",
                       "sigmund shell-init bash|zsh|fish");
}

// The word by which to look at a run: its name, unless another run answers to that by now.
std::string handle(const run::Store& store, const run::Record& record) {
    if (record.name.empty()) return record.id;
    try {
        const auto found = run::resolve(store, run::Census(), {record.name}, {});
        if (found.size() == 1 && found[0].id == record.id) return record.name;
    } catch (const run::Failure&) {
        // nothing or several: the id is certain
    }
    return record.id;
}

}  // namespace

int cmd_shell_init(const Args& args) {
    print_data(std::string(hook_text(args.words.empty() ? parent_shell() : named_shell(args.words[0]))));
    return 0;
}

// One line for each run of this shell that has ended since the last prompt; with --orphans, of runs that
// other shells left behind. For people, so on stderr; nothing may go wrong loudly before a prompt.
int cmd_shell_notify(const Args& args) {
    const run::Store store = run::Store::open();
    if (!store.present()) return 0;
    text::Page lines;
    for (const run::Record& r : ops::take_ended_runs(store, args.value("id").value_or(""))) {
        const sys::Millis ended = r.ended_ms.value_or(sys::realtime_ms());
        lines.line(label(r) + ' ' + r.result.sentence() + " after " +
                   text::format_duration(std::max<sys::Millis>(0, ended - r.started_ms)) + "; sigmund dump " +
                   handle(store, r));
    }
    if (args.has("orphans")) {
        ops::sweep_closed_shells(store);
        const auto orphans = ops::orphaned_runs(store);
        if (!orphans.empty() && ops::orphans_are_news(store, orphans)) {
            std::string names;
            for (std::size_t i = 0; i < orphans.size() && i < 5; ++i)
                names +=
                    (names.empty() ? "" : ", ") + (orphans[i].name.empty() ? orphans[i].id : orphans[i].name);
            if (orphans.size() > 5) names += ", ...";
            lines.line(std::to_string(orphans.size()) + (orphans.size() == 1 ? " run" : " runs") +
                       " left by closed shells (" + names + "): sigmund list --orphaned");
        }
    }
    if (!lines.empty() && tells_of_ends()) say(lines);
    return 0;
}

int cmd_prompt(const Args& args) {
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "for which shell?", "bash, zsh, fish or starship");
    if (args.words[0] == "starship") {
        print(
            "# ~/.config/starship.toml\n[env_var.SIGMUND_RUNNING]\nformat = \"[$env_value running]($style) "
            "\"\n"
            "style = \"yellow\"\n");
        return 0;
    }
    switch (named_shell(args.words[0])) {
        case Shell::bash:
            print(
                "# ~/.bashrc, behind shell-init: eval \"$(sigmund prompt bash)\"\n"
                "[[ $PS1 == *SIGMUND_RUNNING* ]] ||\n"
                "    PS1='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PS1\n");
            break;
        case Shell::zsh:
            print(
                "# ~/.zshrc, behind shell-init: eval \"$(sigmund prompt zsh)\"\n"
                "setopt prompt_subst\n"
                "[[ $PROMPT == *SIGMUND_RUNNING* ]] ||\n"
                "    PROMPT='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PROMPT\n");
            break;
        case Shell::fish:
            print(
                "# ~/.config/fish/config.fish, behind shell-init: sigmund prompt fish | source\n"
                "functions -q __sigmund_old_prompt; or functions -c fish_prompt __sigmund_old_prompt\n"
                "function fish_prompt\n"
                "    set -l old (__sigmund_old_prompt | string collect -N) # first: it may show the status\n"
                "    set -q SIGMUND_RUNNING; and printf '[%s running] ' $SIGMUND_RUNNING\n"
                "    printf %s $old\nend\n");
            break;
    }
    return 0;
}

int cmd_completions(const Args& args) {
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "for which shell?", "bash, zsh or fish");
    print_data(std::string(completion_text(named_shell(args.words[0]))));
    return 0;
}

}  // namespace sigmund::cli
