// SPDX-License-Identifier: Apache-2.0
// Words that people type by the habit of other tools: what sigmund has instead of them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {

// Throws run::Failure for a word that will be a verb of a later version.
void refuse_reserved(const std::string& word);

// Returns what the first word of a command may have meant, as a sentence; empty for any other word. These words still
// start a program of that name, if there is one.
std::string habit_of(std::string_view word);

// Returns what is to be said before the words are started as a command: what else its first word may have meant, that
// `cat web` does not show the log of the live run web, and that vim needs a terminal. Empty: nothing. `words` begin with the command.
std::string note_before(const std::vector<std::string>& words);

// Returns what to say when a verb, which is also the name of a program, got a file instead of a target; empty: nothing.
// `verb` is as it was typed, and `words` follow it.
std::string hint_of_file(const std::string& verb, const std::vector<std::string>& words,
                         const std::string& target);

// Returns the path of the store that the environment names; empty if it names none.
std::string path_of_store();

// What a start may lose with the environment of this process.
struct Caller {
    std::string shell;  // the path of the user's shell
    std::string store;
};

// Returns what to do about a command that was not found: it may be a line for a shell, a verb that was not typed
// exactly, a verb that follows an option, the name of a run, a script in this folder, or a word of another tool.
std::string hint_of_missing(const std::vector<std::string>& command, bool behind_option,
                            const Caller& caller);

// Returns what to say of an option that this verb does not have, but other tools; empty: nothing. `option` has its
// dashes.
std::string habit_of_option(const Verb& verb, std::string_view option);

}  // namespace sigmund::cli
