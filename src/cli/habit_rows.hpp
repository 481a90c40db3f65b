// SPDX-License-Identifier: Apache-2.0
// The words and options that people know from other tools, and what sigmund has instead. Only cli/first_words.cpp
// includes this.
#pragma once
#include <string_view>

namespace sigmund::cli {

// Words of other tools, separated by spaces, and what sigmund has instead of each of them.
struct Habit {
    std::string_view words, instead;
};
inline constexpr Habit habits[] = {
    {"a console enter connect",
     "sigmund attach TARGET joins the terminal of a run that was started with --tty"},
    {"add create daemon exec new spawn", "sigmund COMMAND starts a command in the background"},
    {"cancel kill-session quit terminate", "sigmund stop TARGET stops a run"},
    {"capture-pane", "sigmund logs --plain TARGET prints the log as a terminal would show it in the end"},
    {"clean cleanup clear gc purge reset-failed wipe", "sigmund prune removes finished runs"},
    {"compose reread", "sigmund up starts the runs of a sigmund.toml, and applies what has changed in it"},
    {"condrestart reload try-restart",
     "sigmund restart TARGET restarts a run, and sigmund signal HUP TARGET asks a program to read its "
     "configuration again"},
    {"container containers jobs list-sessions list-units", "sigmund list shows the runs"},
    {"daemon-reload", "each start reads the configuration again, and no daemon has to be told"},
    {"del delete remove", "sigmund stop TARGET stops a run, and sigmund prune TARGET removes a finished one"},
    {"desc describe details", "sigmund show TARGET shows everything that is known about a run"},
    {"disable enable mask startup unmask unstartup",
     "sigmund starts nothing at boot; sigmund config --systemd NAME prints a unit of systemd, which does"},
    {"disown",
     "a run outlives its shell anyway; --keep at its start keeps the shell from asking about it at exit"},
    {"fg",
     "sigmund attach TARGET joins the terminal of a run (--tty), and sigmund tail TARGET shows its log"},
    {"flush", "sigmund prune removes the logs of finished runs; --log-max-size at a start limits a log"},
    {"follow log", "sigmund tail TARGET follows the log of a run"},
    {"has-session is-active is-failed pid",
     "sigmund show TARGET --porcelain --columns state,pid prints these fields for a script"},
    {"history", "sigmund list --all shows the finished runs, too"},
    {"images pull", "sigmund uses no images: sigmund COMMAND starts a program of this machine"},
    {"init install setup", "eval \"$(sigmund shell-init)\" in the start file of your shell sets it up"},
    {"jlist prettylist", "sigmund list --json prints the runs as JSON"},
    {"kill-server", "sigmund stop @all stops every run; sigmund itself has no server"},
    {"monit monitor", "sigmund top shows the runs and their logs on a full screen"},
    {"new-session new-window",
     "sigmund -a -n NAME bash starts a shell in a terminal of its own, and attaches to it"},
    {"resurrect", "sigmund again TARGET starts a recorded run again"},
    {"save", "sigmund keeps a record of each run by itself; sigmund again TARGET starts it again"},
    {"scale", "sigmund --pool N COMMAND keeps N copies of a command running"},
    {"send-keys", "sigmund send TARGET TEXT types a line, and sigmund send TARGET --key KEY presses a key"},
    {"stats", "sigmund status TARGET shows what a run uses, and sigmund top what all of them use"},
    {"watch",
     "sigmund list --watch shows the runs as they change, and sigmund run --watch PATH restarts a command"},
};
// Options of other tools, with the verbs that they are typed behind. VERB in the answer is the verb that was typed.
struct OptionHabit {
    std::string_view verbs, options, instead;
};
inline constexpr OptionHabit option_habits[] = {
    {"run start", "-d --detach --daemon -b --background",
     "a run is in the background anyway; sigmund COMMAND is enough"},
    {"run start", "-dmS -dm -S --session --unit -u --id",
     "-n NAME gives a run its name: sigmund -n NAME COMMAND"},
    {"run start", "-it -i --interactive",
     "-a gives the command a terminal, and attaches to it: sigmund -a COMMAND"},
    {"run", "-ls -l --list --ls", "sigmund list shows the runs"},
    {"run", "-r -R -x --resume --reattach", "sigmund attach TARGET joins the terminal of a run"},
    {"run", "--user", "every run belongs to the user who starts it; --user is not needed"},
    {"run start", "-p --publish", "a run uses the ports of this machine; --port N gives it one in PORT"},
    {"run start", "--rm", "sigmund prune removes finished runs and their logs"},
    {"run start", "--instances", "--pool N keeps N copies running"},
    {"run start", "-o --output --log-file --logfile --error", "--log FILE writes the output to a file"},
    {"run start", "--workdir --working-directory --chdir", "-C DIR is the folder of the command"},
    {"run start", "--memory --max-memory-restart --cpus",
     "--rlimit NAME=SOFT sets a limit of setrlimit(2) for each process"},
    {"stop kill down", "-a --all", "@all means every run: sigmund VERB @all"},
    {"stop kill", "-s --signal",
     "sigmund signal SIGNAL TARGET sends a signal; sigmund kill TARGET ends all of the run"},
    {"stop", "-f --force", "sigmund kill TARGET ends a run at once"},
    {"restart", "-f --force", "sigmund restart -t 0 TARGET restarts it without a grace period"},
    {"prune", "-f",
     "a live run must be stopped first: sigmund stop TARGET; --force also removes runs of other hosts"},
    {"attach detach", "-t", "the target has no option: sigmund VERB TARGET"},
    {"attach", "-d", "sigmund detach TARGET detaches the other terminals, which may also stay"},
    {"list", "--failed",
     "sigmund explain @! explains the newest run that failed; --state names other states"},
    {"list", "--running", "--live shows the live runs only"},
    {"list", "--format --filter", "for scripts: --json, or --porcelain with --columns"},
    {"show", "-p --property", "sigmund show TARGET --porcelain --columns pid,state prints these fields"},
    {"status", "--jsonl --porcelain", "for scripts: --json, or sigmund show TARGET --porcelain"},
    {"tree", "--json --porcelain", "tree is for people; for scripts: sigmund show --json TARGET"},
    {"pause resume signal rename tag send attach detach restart", "--json --quiet -q",
     "the exit status tells whether VERB has done its work; sigmund show --json TARGET prints the run"},
};

}  // namespace sigmund::cli
