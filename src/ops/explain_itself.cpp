// SPDX-License-Identifier: Apache-2.0
// Why a command ended that sigmund had not told to end: its exit status, or the signal that it got.
#include <signal.h>

#include "ops/end_facts.hpp"
#include "ops/explain_cause.hpp"
#include "ops/explain_kill.hpp"
#include "run/input_end.hpp"
#include "sys/signals.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

std::string signal_meaning(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "segmentation fault (invalid memory access)";
        case SIGABRT:
            return "it aborted (a failed assertion, an uncaught exception)";
        case SIGBUS:
            return "bus error (a mapped file became shorter, or a disk is full)";
        case SIGILL:
            return "illegal instruction";
        case SIGFPE:
            return "arithmetic error, such as a division by zero";
        case SIGSYS:
            return "a system call that is not allowed";
        case SIGPIPE:
            return "it wrote to a pipe or socket that no process reads any more";
        case SIGALRM:
            return "a timer that it had set itself (alarm) expired, or a user or program sent the signal";
        case SIGXCPU:
            return "its limit of CPU time was reached (--rlimit cpu, ulimit -t)";
        case SIGXFSZ:
            return "its limit of file size was reached (--rlimit fsize, ulimit -f)";
        case SIGHUP:
            return "a user or program sent the signal (hang-up)";
        default:
            return "a user or program sent the signal";
    }
}

// Adds which stages of a pipe failed.
void add_failed_stages(const run::Record& record, Cause& cause) {
    for (std::size_t i = 0; i < record.stages.size(); ++i) {
        const run::Part& stage = record.stages[i];
        if (stage.status.known && !stage.status.success())
            cause.evidence.push_back("stage " + std::to_string(i + 1) + " (" + text::quote(stage.argv) +
                                     ") " + run::Result::of(stage.status).sentence());
    }
}

std::vector<Cause> by_signal(const run::Record& record, int signal) {
    const run::Call* sender = sender_of(record, signal);
    if (signal == SIGKILL && !sender) {
        std::vector<Cause> out = causes_of_kill(record);
        add_failed_stages(record, out.back());
        return out;
    }
    Cause cause{
        sender ? 95 : 70,
        "signal",
        sys::signal_name(signal) + ": " + (sender ? "sent by `sigmund signal`" : signal_meaning(signal)),
        {},
        ""};
    if (sender) cause.evidence.push_back(told(*sender));
    add_failed_stages(record, cause);
    if (record.status.core)
        cause.evidence.push_back("it dumped core (see coredumpctl, or its folder " + record.cwd + ')');
    return {cause};
}

// Adds the signal that sigmund had sent just before, which the command may have obeyed by exiting.
void add_last_signal(const run::Record& record, Cause& cause) {
    if (shortly_before_end(record, record.last_signal.at_ms) && record.last_signal.sent())
        cause.evidence.push_back("the last signal from sigmund: " + told(record.last_signal, record));
}

Cause by_exit_code(const run::Record& record, int code) {
    Cause cause{50, "exit", "it exited with status " + std::to_string(code), {}, ""};
    if (code == 0) {
        cause.weight = 90;
        cause.what = "it exited normally (0)";
        if (run::may_have_ended_with_its_input(record))
            cause.way_out =
                "many watchers end when their input ends, and it had none: --stdin open keeps one open";
    }
    add_last_signal(record, cause);
    add_failed_stages(record, cause);
    if (code == 127) cause.evidence.push_back("a shell exits with 127 when a command is not found");
    if (code == 126)
        cause.evidence.push_back("a shell exits with 126 when a command is found, but not executable");
    if (code > 128 && code < 193)
        cause.evidence.push_back("a shell exits with " + std::to_string(code) +
                                 " when a command in it was ended by " + sys::signal_name(code - 128));
    return cause;
}

}  // namespace

std::vector<Cause> causes_by_itself(const run::Record& record) {
    if (!record.status.known) return {};
    if (record.status.signal != 0) return by_signal(record, record.status.signal);
    return {by_exit_code(record, record.status.code)};
}

}  // namespace sigmund::ops
