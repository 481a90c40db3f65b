// SPDX-License-Identifier: Apache-2.0
// The folders, from the bottom up. A file includes only files of its own folder and of those below it, which
// tests/unit/house_test.cpp checks:
//
//   sys/    kernel facts: descriptors, files, processes, signals, spawn, locks, sockets, terminals
//   text/   pure text: escaping, quoting, durations, sizes, tables, suggestions
//   run/    what a run is: id, spec and launch options, record, store, census, verdict, target
//   guard/  the guardian: machine (pure), loop, terminate, control, and its sources of events
//   kin/    the companion tools, which share nothing with the rest: nosig, supervise, unlinkwait
//   config/ the configuration (toml++)
//   ops/    what verbs do, without printing: launch, stop, follow, wait, prune
//   cli/    this folder: the command line (args), the table of verbs (commands), cmd_VERB.cpp, output
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/cmd.hpp"
#include "cli/first_words.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/styles.hpp"
#include "kin/multicall.hpp"
#include "kin/tool.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/lock.hpp"
#include "sys/title.hpp"
#include "text/suggest.hpp"

namespace {

using namespace sigmund;
using cli::Verb;

run::Failure unknown_verb(const std::string& word) {
    std::vector<std::string_view> names;
    for (const Verb& verb : cli::verbs())
        if (!verb.hidden) names.push_back(verb.name);
    const auto near = text::suggest(word, names);
    const std::string habit = cli::habit_of(word);
    return {run::Exit::usage, "usage", "unknown verb " + word,
            word[0] == '-'  ? "sigmund help --porcelain prints the verbs and options for a program"
            : near          ? "did you mean sigmund help " + *near + "?"
            : habit.empty() ? "sigmund --help lists the verbs"
                            : habit};
}

int dispatch(std::vector<std::string> words) {
    if (words.empty()) {
        sys::write_all(STDERR_FILENO, cli::short_help());
        return 1;
    }
    const std::string first = words[0];
    if (first == "--help" || first == "-h") {
        cli::print(cli::full_help(cli::output_columns()));
        return 0;
    }
    if (first == "--version" || first == "-V" || first == "-v") words[0] = "version";
    if (first == "help") {
        if (words.size() < 2 || words[1] == "--help" || words[1] == "-h") {
            cli::print(cli::full_help(cli::output_columns()));
            return 0;
        }
        if (words[1] == "--porcelain") {
            cli::print_data(cli::porcelain_help());
            return 0;
        }
        if (const kin::Tool* tool = kin::find_tool(words[1])) {
            char asked[] = "--help";
            char* argv[] = {words[1].data(), asked, nullptr};
            return tool->main(2, argv);
        }
        const Verb* about = cli::find_verb(words[1]);
        if (!about) throw unknown_verb(words[1]);
        cli::print(cli::verb_help(*about, cli::output_columns()));
        return 0;
    }
    const Verb* verb = cli::find_verb(words[0]);
    if (verb) {
        words.erase(words.begin());
    } else {
        cli::refuse_reserved(words[0]);
        verb = &cli::launch_verb();
        if (const std::string note = cli::note_before(words); !note.empty()) cli::say(note);
    }
    const cli::Args args = cli::parse_args(*verb, words);
    if (args.has("help")) {
        cli::print(cli::verb_help(*verb, cli::output_columns()));
        return 0;
    }
    // A start may leave this process without its environment.
    const char* const user_shell = std::getenv("SHELL");
    const cli::Caller caller{user_shell ? user_shell : "", cli::path_of_store()};
    if (first == "rm" && args.words.empty() && args.given().empty())
        throw run::Failure(run::Exit::not_found, "invalid_target", "rm needs a target",
                           "sigmund prune removes all finished runs");
    try {
        return verb->run(args);
    } catch (run::Failure& failure) {
        if (failure.code == "command_not_found" && failure.hint.empty() && !args.command.empty() &&
            !args.command[0].empty())
            failure.hint =
                cli::hint_of_missing(args.command, words[0].starts_with('-') && words[0] != "--", caller);
        if (failure.code == "invalid_target")
            if (std::string hint = cli::hint_of_file(first, words, failure.target); !hint.empty())
                failure.hint = std::move(hint);
        throw;
    }
}

// Returns whether the words start a run. If so, a failure of sigmund itself exits with 125, as in env(1) and
// timeout(1).
bool starts_a_run(const std::vector<std::string>& words) {
    if (words.empty()) return false;
    const Verb* verb = cli::find_verb(words[0]);
    return !verb || verb->starts_run;
}

}  // namespace

int main(int argc, char** argv) {
    if (const auto status = kin::multicall(argc, argv)) return *status;
    sys::open_missing_stdio();
    sys::spare_owner_from_umask();
    sys::remember_arguments(argc, argv, environ);
    cli::read_color_variables();
    std::vector<std::string> words;
    for (int i = 1; i < argc; ++i) words.emplace_back(argv[i]);
    const bool json = cli::asks_for_json(words);
    try {
        return dispatch(words);
    } catch (const run::Failure& failure) {
        cli::tell_failure(failure, json);
        if (failure.code == "store" && failure.exit == run::Exit::usage && starts_a_run(words)) return 125;
        return static_cast<int>(failure.exit);
    } catch (const sys::NoLocks& error) {
        const run::Exit exit = starts_a_run(words) ? run::Exit::not_started : run::Exit::usage;
        cli::tell_failure(
            {exit, "store", error.what(),
             "the file system of the store must have file locks: set SIGMUND_STATE_DIR to a folder on "
             "a local disk"},
            json);
        return static_cast<int>(exit);
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        // No process reads the output any more, as after `| head -1`, and SIGPIPE is ignored: exit silently,
        // with the status that SIGPIPE would have caused.
        if (number == EPIPE && sys::reader_is_gone(STDOUT_FILENO)) return 128 + SIGPIPE;
        const run::Exit exit = starts_a_run(words)                   ? run::Exit::not_started
                               : number == EACCES || number == EPERM ? run::Exit::denied
                                                                     : run::Exit::usage;
        const char* hint =
            number == ENOSPC || number == EDQUOT ? "make room, or set SIGMUND_STATE_DIR to another disk" : "";
        cli::tell_failure(
            {exit, number == EACCES || number == EPERM ? "denied" : "failed", error.what(), hint}, json);
        return static_cast<int>(exit);
    } catch (const std::exception& error) {
        cli::tell_failure(
            {starts_a_run(words) ? run::Exit::not_started : run::Exit::usage, "failed", error.what()}, json);
        return starts_a_run(words) ? 125 : 1;
    }
}
