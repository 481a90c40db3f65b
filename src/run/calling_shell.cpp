// SPDX-License-Identifier: Apache-2.0
#include "run/calling_shell.hpp"

#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "sys/file.hpp"
#include "text/words.hpp"

namespace sigmund::run {
namespace {

// Interactive shells without a hook. A command that was typed there was not typed in a shell above them.
constexpr std::string_view other_shells[] = {"sh",     "dash", "ash", "busybox", "ksh", "ksh93",
                                             "mksh",   "yash", "csh", "tcsh",    "nu",  "xonsh",
                                             "elvish", "pwsh", "osh", "ysh"};

std::string program_of(const sys::Procfs& proc, const sys::ProcStat& stat) {
    char link[PATH_MAX];
    const std::string path = proc.root() + '/' + std::to_string(stat.pid) + "/exe";
    const ssize_t n = ::readlink(path.c_str(), link, sizeof link);  // fails for other users' processes
    if (n <= 0) return stat.comm;
    std::string program(link, static_cast<std::size_t>(n));
    program.erase(0, program.rfind('/') + 1);
    if (const auto end = program.find(" (deleted)"); end != std::string::npos) program.resize(end);
    return program;
}

bool ignores(std::uint64_t set, int signal) {
    return (set >> (signal - 1) & 1) != 0;
}

// Interactive shells ignore SIGQUIT and SIGTERM, do not pass that on to their commands, and have job control: they
// ignore SIGTSTP and SIGTTOU, and lead the process group of a terminal. One of the three may be missing: fish does not
// ignore SIGTERM, nor does a shell whose user has set a trap for it; zsh forgets SIGQUIT when a completion forks. A
// script with `set -m` only has job control.
bool is_interactive(const sys::Procfs& proc, const sys::ProcStat& stat) {
    const auto set = proc.signal_set(stat.pid, "SigIgn");
    if (!set) return false;
    const bool job_control =
        ignores(*set, SIGTSTP) && ignores(*set, SIGTTOU) && stat.terminal != 0 && stat.pgrp == stat.pid;
    return ignores(*set, SIGQUIT) + ignores(*set, SIGTERM) + job_control >= 2;
}

// Reads from its arguments how the shell was started.
void read_arguments(const std::vector<std::string>& argv, const std::string& comm, CallingShell& shell) {
    std::string_view name = argv.empty() ? comm : std::string_view(argv[0]);
    shell.login = name.starts_with('-');
    if (shell.login) name.remove_prefix(1);
    name.remove_prefix(name.rfind('/') + 1);
    shell.restricted = name == "rbash" || name == "rzsh" || comm == "rbash" || comm == "rzsh";
    for (const std::string& word : argv) {
        if (word == "-r" || word == "--restricted") shell.restricted = true;
        if (word == "-l" || word == "--login") shell.login = true;
    }
}

// Field 28 of stat; the kernel shows 0 to those who may not trace the process.
std::uint64_t stack_of(const sys::Procfs& proc, pid_t pid) {
    std::string line = sys::read_small(proc.root() + '/' + std::to_string(pid) + "/stat", 4096);
    line.erase(0, line.rfind(')') + 1);
    const auto fields = text::split(line, ' ');  // the first one is empty, the second one is field 3
    return fields.size() > 26 ? text::whole_number<std::uint64_t>(fields[26]).value_or(0) : 0;
}

// Returns the shell that the process is, interactive or not, or nothing.
std::optional<CallingShell> shell_at(const sys::Procfs& proc, const sys::ProcStat& stat) {
    CallingShell shell;
    shell.pid = stat.pid;
    shell.program = program_of(proc, stat);
    shell.kind = shell_of_program(shell.program);
    if (!shell.kind) shell.kind = shell_of_program(stat.comm);
    if (!shell.kind &&
        std::find(std::begin(other_shells), std::end(other_shells), shell.program) == std::end(other_shells))
        return std::nullopt;
    shell.stack = stack_of(proc, stat.pid);
    return shell;
}

}  // namespace

std::optional<CallingShell> calling_shell(const sys::Procfs& proc, pid_t pid) {
    std::optional<CallingShell> found;
    for (int depth = 0; pid > 0 && depth < 256; ++depth) {
        const auto stat = proc.stat(pid);
        if (!stat) break;
        auto shell = shell_at(proc, *stat);
        // The subshell of a command substitution ignores the same signals. It was forked from its shell without
        // an exec, so it has the same stack.
        if (found && (!shell || shell->stack == 0 || shell->stack != found->stack)) break;
        if (shell && is_interactive(proc, *stat)) {
            const auto users = proc.users(pid);
            shell->own = users && (*users)[1] == ::geteuid();
            read_arguments(proc.command_line(pid), stat->comm, *shell);
            found = std::move(shell);
        }
        pid = stat->ppid;
    }
    return found;
}

}  // namespace sigmund::run
