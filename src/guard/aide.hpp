// SPDX-License-Identifier: Apache-2.0
// Aides: processes of the guardian's own for chores that may hang or blow up: checks, probes, --on-exit. An
// aide is a subreaper itself; when its chore is over, or its guardian lets go of it or dies, it ends all it
// has started, then itself.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "guard/machine.hpp"
#include "sys/fd.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

// What /proc/PID/stat calls an aide: no process of the run.
inline constexpr char aide_name[] = "sigmund-aide";

class Aides {
  public:
    // In the aide, every signal blocked: does the work and returns an exit status. `lifeline` becomes
    // readable when nobody waits for the result any more.
    using Chore = std::function<int(int lifeline)>;
    using Done = std::function<void(const sys::ExitStatus& status)>;

    // Forks an aide that keeps only the descriptors in `keep` (any order). Returns its pid, or 0 with errno
    // set. `done` is called from reaped(), unless it was dismissed.
    pid_t start(const std::vector<int>& keep, const Chore& chore, Done done);
    // Lets go of one, or of all: each ends by itself, soon; it is still to be reaped.
    void dismiss(pid_t pid);
    void dismiss_all();

    bool owns(pid_t pid) const noexcept;
    bool none() const noexcept { return aides_.empty(); }
    // The loop has reaped this one.
    void reaped(pid_t pid, const sys::ExitStatus& status);

  private:
    struct Aide {
        pid_t pid;
        sys::Fd lifeline;
        Done done;
    };
    std::vector<Aide> aides_;
};

// What a shell command of the run's needs beside its environment.
struct ShellCommand {
    std::string text;
    std::string cwd;
    std::vector<std::pair<std::string, std::string>> variables;
    Millis timeout = -1;
};
// For a chore: /bin/sh -c with the environment and the output of `shape`, as run_to_end().
int run_shell(const sys::SpawnPlan& shape, const ShellCommand& command, int lifeline);
// For a chore: runs the command until it ends, `timeout` ms have passed (-1: none; then 124) or the lifeline
// does (then 125); afterwards nothing of it is left. Returns its status as a shell would say it.
int run_to_end(const sys::SpawnPlan& command, Millis timeout, int lifeline);
// For a chore: the same for a child that has been forked already.
int await_child(pid_t pid, Millis timeout, int lifeline);
// Ends every child of this process, and what they leave.
void end_children() noexcept;

}  // namespace sigmund::guard
