// SPDX-License-Identifier: Apache-2.0
// An aide is a helper process of the guardian for work that may hang or use too much memory: health checks,
// probes, --on-exit. An aide is a subreaper itself. When its work is done, or its guardian dismisses it or
// dies, it ends all processes that it has started, and then itself.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "guard/machine.hpp"
#include "sys/fd.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

// The name of an aide in /proc/PID/stat. An aide does not belong to the run.
inline constexpr char aide_name[] = "sigmund-aide";

class Aides {
  public:
    // Runs in the aide with every signal blocked, and returns an exit status. `lifeline` becomes readable
    // when the result is no longer wanted.
    using Chore = std::function<int(int lifeline)>;
    // Gets the exit status that the aide returned.
    using Done = std::function<void(const sys::ExitStatus& status)>;

    // Forks an aide that keeps only the descriptors in `keep` (in any order) open. Returns its pid, or 0 with
    // errno set. reaped() calls `done`, unless the aide was dismissed. An aide may serve the present life, or
    // the next one.
    enum class Serves : std::uint8_t { this_life, next_life };
    pid_t start(const std::vector<int>& keep, const Chore& chore, Done done,
                Serves serves = Serves::this_life);
    // Dismisses one aide, or all of the present life. A dismissed aide ends soon by itself and must still be
    // reaped.
    void dismiss(pid_t pid);
    void dismiss_all();

    // Returns whether this process is an aide that is not yet reaped.
    bool owns(pid_t pid) const noexcept;
    bool none() const noexcept { return aides_.empty(); }
    // The loop calls this after it has reaped the aide.
    void reaped(pid_t pid, const sys::ExitStatus& status);

  private:
    struct Aide {
        pid_t pid;
        sys::Fd lifeline;
        Done done;
        Serves serves;
    };
    std::vector<Aide> aides_;
};

// What a shell command of the run needs in addition to its environment.
struct ShellCommand {
    std::string text;
    std::string cwd;
    std::vector<std::pair<std::string, std::string>> variables;
    Millis timeout = -1;
};
// The functions below are for use in an aide. run_shell() runs /bin/sh -c with the environment and the output
// of `shape`, as run_to_end() does.
int run_shell(const sys::SpawnPlan& shape, const ShellCommand& command, int lifeline);
// Runs the command until it ends, until `timeout` ms have passed (-1: no limit; then returns 124) or until
// the lifeline ends (then returns 125). Afterwards no process of it is left. Returns its status as a shell
// would give it.
int run_to_end(const sys::SpawnPlan& command, Millis timeout, int lifeline);
// Does the same with a child that was forked before.
int await_child(pid_t pid, Millis timeout, int lifeline);
// Kills and reaps every child of this process and the orphans that they leave.
void end_children() noexcept;

}  // namespace sigmund::guard
