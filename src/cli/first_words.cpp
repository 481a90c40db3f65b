// SPDX-License-Identifier: Apache-2.0
#include "cli/first_words.hpp"

#include <algorithm>
#include <cstdlib>

#include "cli/targets.hpp"
#include "kin/tool.hpp"
#include "ops/find_program.hpp"
#include "run/label.hpp"
#include "text/quote.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {
namespace {

using text::Named;

constexpr std::string_view reserved[] = {"slots", "queue", "check", "mcp"};

struct Habit {
    std::string_view word, instead;
};
constexpr Habit habits[] = {
    {"add", "sigmund COMMAND starts a command in the background"},
    {"cancel", "sigmund stop TARGET stops a run"},
    {"clean", "sigmund prune removes finished runs"},
    {"clear", "sigmund prune removes finished runs"},
    {"create", "sigmund COMMAND starts a command in the background"},
    {"delete", "sigmund stop TARGET stops a run, and sigmund prune TARGET removes a finished one"},
    {"exec", "sigmund COMMAND starts a command in the background"},
    {"fg",
     "sigmund attach TARGET joins the terminal of a run (--tty), and sigmund tail TARGET shows its log"},
    {"follow", "sigmund tail TARGET follows the log of a run"},
    {"init", "eval \"$(sigmund shell-init)\" in the start file of your shell sets it up"},
    {"install", "eval \"$(sigmund shell-init)\" in the start file of your shell sets it up"},
    {"jobs", "sigmund list shows the runs"},
    {"log", "sigmund tail TARGET follows the log of a run"},
    {"monitor", "sigmund top shows the runs and their logs on a full screen"},
    {"new", "sigmund COMMAND starts a command in the background"},
    {"resurrect", "sigmund again TARGET starts a recorded run again"},
    {"setup", "eval \"$(sigmund shell-init)\" in the start file of your shell sets it up"},
    {"spawn", "sigmund COMMAND starts a command in the background"},
    {"stats", "sigmund status TARGET shows what a run uses, and sigmund top what all of them use"},
    {"terminate", "sigmund stop TARGET stops a run"},
    {"watch",
     "sigmund list --watch shows the runs as they change, and sigmund run --watch PATH restarts a command"},
};
// Programs that show a file, whose argument may be meant as a run.
constexpr std::string_view readers[] = {"cat", "less", "more", "head", "view", "bat"};
constexpr std::string_view shell_words[] = {
    ".",   "alias", "bg",     "cd",    "command", "eval",   "export", "for",   "if",    "popd",   "pushd",
    "set", "shift", "source", "times", "trap",    "ulimit", "umask",  "unset", "while", "declare"};

template <typename Words>
bool is_among(const Words& words, std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
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

bool is_live_name(const std::string& word) {
    try {
        const run::View view = run::View::open();
        const auto runs = run::resolve(view, {word}, surroundings()).runs;
        return runs.size() == 1 && runs[0].live() && runs[0].record.name == word;
    } catch (const std::exception&) {
        return false;
    }
}

bool is_program(const std::string& word) {
    const char* path = std::getenv("PATH");
    return !ops::find_program(word, path ? path : "", ".").empty();
}

}  // namespace

void refuse_reserved(const std::string& word) {
    if (is_among(reserved, word))
        throw run::Failure(run::Exit::usage, "usage", word + " is reserved for a later version of sigmund",
                           "sigmund -- " + word + " starts a program of this name");
}

std::string habit_of(std::string_view word) {
    const auto* found = std::find_if(std::begin(habits), std::end(habits),
                                     [&](const Habit& each) { return each.word == word; });
    return found == std::end(habits) ? "" : std::string(found->instead);
}

std::string note_before(const std::vector<std::string>& words) {
    if (words.empty()) return "";
    if (const std::string habit = habit_of(words[0]); !habit.empty() && is_program(words[0]))
        return "this starts the program " + words[0] + "; " + habit;
    if (words.size() == 2 && is_among(readers, words[0]) && is_live_name(words[1]))
        return "this starts the program " + words[0] + "; sigmund dump " + words[1] +
               " prints the log of the run " + words[1];
    return "";
}

std::string hint_of_missing(const std::vector<std::string>& command, bool behind_option,
                            const std::string& shell) {
    const std::string& first = command[0];
    if (find_verb(first)) return behind_option ? "the verb comes first: sigmund " + first + " [options]" : "";
    if (const std::string habit = habit_of(first); !habit.empty()) return habit;
    if (const std::string hint = hint_of_shell_line(command); !hint.empty()) return hint;
    std::vector<std::string_view> names;
    for (const Verb& verb : verbs())
        if (!verb.hidden) names.push_back(verb.name);
    for (const kin::Tool& tool : kin::tools()) names.push_back(tool.name);
    if (const auto near = text::suggest(first, names)) return "did you mean sigmund " + *near + "?";
    if (first.find('/') != std::string::npos) return "";
    return "if it is an alias or a function of your shell: sigmund " +
           (shell.empty() ? "sh" : shell.substr(shell.rfind('/') + 1)) + " -ic " +
           text::quote(text::quote(command));
}

std::string habit_of_option(const Verb& verb, std::string_view option) {
    const std::string_view does = verb.name;
    const bool ends = does == "stop" || does == "kill" || does == "down";
    if ((does == "run" || does == "start") &&
        (option == "-d" || option == "--detach" || option == "--daemon" || option == "-b" ||
         option == "--background"))
        return "a run is in the background anyway; sigmund COMMAND is enough";
    if (ends && (option == "-a" || option == "--all"))
        return "@all means every run: sigmund " + std::string(does) + " @all";
    if (does == "stop" && (option == "-f" || option == "--force"))
        return "sigmund kill TARGET ends a run at once";
    if (does == "restart" && (option == "-f" || option == "--force"))
        return "sigmund restart -t 0 TARGET restarts it without a grace period";
    if (does == "prune" && option == "-f")
        return "a live run must be stopped first: sigmund stop TARGET; --force also removes runs of other "
               "hosts";
    return "";
}

}  // namespace sigmund::cli
