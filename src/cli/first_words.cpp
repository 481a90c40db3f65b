// SPDX-License-Identifier: Apache-2.0
#include "cli/first_words.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "cli/habit_rows.hpp"
#include "cli/targets.hpp"
#include "kin/tool.hpp"
#include "ops/find_program.hpp"
#include "run/id.hpp"
#include "run/label.hpp"
#include "text/quote.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {
namespace {

using text::Named;

constexpr std::string_view reserved[] = {"slots", "queue", "check", "mcp"};

// Programs that show a file, whose argument may be meant as a run.
constexpr std::string_view readers[] = {"cat", "less", "more", "head", "view", "bat"};
// Programs that draw on a terminal, and do nothing useful without one.
constexpr std::string_view screens =
    "btop emacs fzf htop irssi mc mutt nano nmtui nvim ranger tig vi vim vimdiff";
constexpr std::string_view shell_words[] = {
    ".",   "alias", "bg",     "cd",    "command", "eval",   "export", "for",   "if",    "popd",   "pushd",
    "set", "shift", "source", "times", "trap",    "ulimit", "umask",  "unset", "while", "declare"};

template <typename Words>
bool is_among(const Words& words, std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Returns whether one of the words of a list, which are separated by spaces, is this one.
bool lists(std::string_view words, std::string_view word) {
    const std::string spaced = ' ' + std::string(words) + ' ';
    return !word.empty() && word.find(' ') == std::string_view::npos &&
           spaced.find(' ' + std::string(word) + ' ') != std::string::npos;
}

// Returns the hint for words that only a shell understands, or an empty text.
std::string hint_of_shell_line(const std::vector<std::string>& command) {
    const std::string& first = command[0];
    if (const auto equals = first.find('=');
        equals != std::string::npos && equals > 0 && first.find_first_of("/ ") > equals && command.size() > 1)
        return "to set a variable: sigmund -e " + text::quote(first) + ' ' +
               text::quote(std::vector<std::string>(command.begin() + 1, command.end()));
    if (first.find_first_of(" \t|&;<>$`*") != std::string::npos && first.find('/') != 0)
        return "for a line of the shell: sigmund sh -c " + text::quote(first);
    if (first == "cd") return "sigmund -C DIR COMMAND starts it in another folder";
    if (is_among(shell_words, first))
        return first + " is a word of the shell: sigmund sh -c " + text::quote(text::quote(command));
    return "";
}

// Returns the run that has this name here. `store` is the path of the store; empty: there is none.
std::optional<run::Judged> run_named(const std::string& word, const std::string& store) {
    if (!run::is_name(word) || store.empty()) return std::nullopt;
    try {
        const run::View view(run::Store::open(store));
        // Without a record of this name, the search would continue among the guardians of other stores.
        const auto records = view.store().list(run::Depth::head);
        if (std::none_of(records.begin(), records.end(),
                         [&](const run::Record& each) { return each.name == word; }))
            return std::nullopt;
        auto runs = run::resolve(view, {word}, surroundings()).runs;
        if (runs.size() == 1 && runs[0].record.name == word) return std::move(runs[0]);
    } catch (const std::exception&) {
        // There is no such run.
    }
    return std::nullopt;
}

bool is_live_name(const std::string& word) {
    const auto run = run_named(word, path_of_store());
    return run && run->live();
}

// Programs that run files with these endings.
constexpr Named<std::string_view> interpreters[] = {{"node", "cjs"}, {"node", "js"}, {"node", "mjs"},
                                                    {"php", "php"},  {"perl", "pl"}, {"python3", "py"},
                                                    {"ruby", "rb"},  {"sh", "sh"}};

// Returns the hint for a command that is the name of a run, or of a file in the current folder. Else it is empty.
std::string hint_of_name(const std::vector<std::string>& command, const std::string& store) {
    const std::string& first = command[0];
    if (const auto run = run_named(first, store))
        return run->live() ? first + " is a run: sigmund status " + first
                           : first + " is a finished run: sigmund again " + first;
    if (first.find('/') != std::string::npos || first.starts_with('-') || ::access(first.c_str(), R_OK) != 0)
        return "";
    std::vector<std::string> words = command;
    const auto program =
        text::find_word(interpreters, first.substr(std::min(first.rfind('.') + 1, first.size())));
    if (::access(first.c_str(), X_OK) == 0)
        words[0] = "./" + first;
    else if (program)
        words.insert(words.begin(), std::string(*program));
    else
        return "";
    const bool options = std::any_of(command.begin() + 1, command.end(), [](const std::string& word) {
        return word.starts_with("--") && run::find_option(launch_verb().options, word.substr(2));
    });
    return first + " is a file of this folder: sigmund " + text::quote(words) +
           (options ? "; options of sigmund come before the command" : "");
}

bool is_program(const std::string& word) {
    const char* path = std::getenv("PATH");
    return !ops::find_program(word, path ? path : "", ".").empty();
}

}  // namespace

std::string path_of_store() {
    try {
        return run::Store::default_path();
    } catch (const run::Failure&) {
        return "";
    }
}

void refuse_reserved(const std::string& word) {
    if (is_among(reserved, word))
        throw run::Failure(run::Exit::usage, "usage", word + " is reserved for a later version of sigmund",
                           "sigmund -- " + word + " starts a program of this name");
}

std::string habit_of(std::string_view word) {
    const auto* found = std::find_if(std::begin(habits), std::end(habits),
                                     [&](const Habit& each) { return lists(each.words, word); });
    return found == std::end(habits) ? "" : std::string(found->instead);
}

std::string note_before(const std::vector<std::string>& words) {
    if (words.empty()) return "";
    if (const std::string habit = habit_of(words[0]); !habit.empty() && is_program(words[0]))
        return "this starts the program " + words[0] + "; " + habit;
    if (words.size() == 2 && is_among(readers, words[0]) && is_live_name(words[1]))
        return "this starts the program " + words[0] + "; sigmund logs " + words[1] +
               " prints the log of the run " + words[1];
    if (lists(screens, words[0]) && is_program(words[0]))
        return words[0] + " needs a terminal, which -a gives it: sigmund -a " + text::quote(words);
    return "";
}

std::string hint_of_file(const std::string& verb, const std::vector<std::string>& words,
                         const std::string& target) {
    if (target.find('/') == std::string::npos || !is_program(verb)) return "";
    return "to start the program " + verb + ": sigmund -- " + verb + ' ' + text::quote(words);
}

std::string hint_of_missing(const std::vector<std::string>& command, bool behind_option,
                            const Caller& caller) {
    const std::string& first = command[0];
    if (find_verb(first)) return behind_option ? "the verb comes first: sigmund " + first + " [options]" : "";
    if (const std::string hint = hint_of_name(command, caller.store); !hint.empty()) return hint;
    if (const std::string habit = habit_of(first); !habit.empty()) return habit;
    if (const std::string hint = hint_of_shell_line(command); !hint.empty()) return hint;
    std::vector<std::string_view> names;
    for (const Verb& verb : verbs())
        if (!verb.hidden) names.push_back(verb.name);
    for (const kin::Tool& tool : kin::tools()) names.push_back(tool.name);
    if (const auto near = text::suggest(first, names)) return "did you mean sigmund " + *near + "?";
    if (first.find('/') != std::string::npos) return "";
    return "if it is an alias or a function of your shell: sigmund " +
           (caller.shell.empty() ? "sh" : caller.shell.substr(caller.shell.rfind('/') + 1)) + " -ic " +
           text::quote(text::quote(command));
}

std::string habit_of_option(const Verb& verb, std::string_view option) {
    const auto* found = std::find_if(
        std::begin(option_habits), std::end(option_habits),
        [&](const OptionHabit& each) { return lists(each.verbs, verb.name) && lists(each.options, option); });
    if (found == std::end(option_habits)) return "";
    std::string out(found->instead);
    if (const auto at = out.find("VERB"); at != std::string::npos) out.replace(at, 4, verb.name);
    return out;
}

}  // namespace sigmund::cli
