// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <utility>

#include "cli/verbs_act.hpp"
#include "cli/verbs_look.hpp"
#include "cli/verbs_shell.hpp"
#include "cli/verbs_start.hpp"

namespace sigmund::cli {
namespace {

// The verbs in the order in which --help shows them.
constexpr Verb table[] = {
    run_verb,          start_verb,       pipe_verb,   again_verb,   up_verb,      down_verb,
    list_verb,         status_verb,      top_verb,    show_verb,    tree_verb,    tail_verb,
    dump_verb,         logs_verb,        events_verb, port_verb,    ports_verb,   env_verb,
    explain_verb,      stop_verb,        kill_verb,   restart_verb, pause_verb,   resume_verb,
    signal_verb,       send_verb,        attach_verb, detach_verb,  wait_verb,    guard_verb,
    rename_verb,       tag_verb,         adopt_verb,  prune_verb,   killcmd_verb, shell_init_verb,
    completions_verb,  prompt_verb,      config_verb, doctor_verb,  version_verb, shell_exit_verb,
    shell_notify_verb, after_start_verb,
};

// Words of other tools for the same.
constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"ls", "list"}, {"rm", "prune"}, {"inspect", "show"}, {"info", "show"}};

}  // namespace

std::span<const Verb> verbs() {
    return table;
}

const Verb& launch_verb() {
    return table[0];
}

const Verb* find_verb(std::string_view word) {
    for (const auto& [habit, verb] : aliases)
        if (word == habit) word = verb;
    for (const Verb& verb : table)
        if (verb.name == word || (!verb.alias.empty() && verb.alias == word)) return &verb;
    return nullptr;
}

}  // namespace sigmund::cli
