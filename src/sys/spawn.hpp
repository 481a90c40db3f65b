// SPDX-License-Identifier: Apache-2.0
// This file describes a process that is to be started. Everything is prepared before fork (SpawnPlan); after
// fork nothing is allocated or looked up.
#pragma once
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sys/fd.hpp"
#include "sys/limits.hpp"
#include "sys/signals.hpp"

namespace sigmund::sys {

// The steps at which a start can fail. `process` is the parent's part (fork, the record) and so is, in part,
// `terminal`; the others are the child's steps in their order. A step that fails is sent through the gate, in a SpawnError.
enum class SpawnStage : unsigned char {
    process,
    session,
    descriptors,
    directory,
    limits,
    priority,
    exec,
    terminal
};
// Returns a step in the words of an error message: "cannot NAME for COMMAND".
const char* spawn_stage_name(SpawnStage stage);

struct SpawnError {
    SpawnStage stage = SpawnStage::exec;
    int error = 0;  // errno
};

class SpawnPlan {
  public:
    // `search_path` is the PATH of the child, whose folders are tried in order as execvp(3) does; without it
    // the system's default is used. A command with a slash is a path from the child's working directory.
    SpawnPlan(std::vector<std::string> argv, std::vector<std::string> environment,
              const std::optional<std::string>& search_path);
    SpawnPlan(const SpawnPlan&) = delete;  // because the pointer arrays point into the strings
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    // Returns a plan for another command, with a slash in argv[0], which has the same environment, output and
    // inherited limits. All other members have their defaults.
    std::unique_ptr<SpawnPlan> with_command(std::vector<std::string> argv) const;

    const std::string& command() const { return argv_[0]; }

    // Sets NAME=value in the environment, replacing an earlier value. Must not be called after fork.
    void set_environment(const std::string& name, const std::string& value);

    int stdin_fd = -1;  // each is >= 3, or -1: the descriptor is left unchanged
    int stdout_fd = -1;
    int stderr_fd = -1;
    int cwd_fd = -1;             // the folder to change to; -1: no change
    bool owns_terminal = false;  // stdin becomes the controlling terminal of the session (tty_ioctl(4))
    bool new_session = true;     // unless the process leads one already
    std::vector<int> keep_fds;   // inherited descriptors >= 3 that stay open, in ascending order
    std::optional<mode_t> umask;
    std::optional<int> nice;                       // the absolute nice value
    std::vector<RlimitSetting> inherited_rlimits;  // the limits of the caller, which are set first
    std::vector<RlimitSetting> rlimits;
    int oom_score_adj = 0;  // above 0: the value of the caller, which is restored
    SignalSetup signals;
    sigset_t inherited_mask{};           // the mask of the caller, restored first when signals.reset is off
    bool inherited_chld_ignore = false;  // likewise: whether the caller ignored SIGCHLD

    // Checks before fork whether one of the paths looks executable from `cwd_fd`. Returns 0 or the error that
    // execve(2) would give: ENOENT or EACCES.
    int look() const noexcept;

    // Runs after fork, in the child, and is async-signal-safe throughout. Sets everything up and replaces the
    // process by the command. `gate` (-1: none) is close-on-exec, so that the parent sees an exec as its end.
    // With a gate it waits there for one byte before the exec, and exits silently when the gate is closed
    // instead. An error is sent to the gate as a SpawnError; then the exit status is 127.
    [[noreturn]] void become(int gate) const noexcept;
    // The same without a gate, for a child that shares its parent's memory and leads its session already:
    // returns the error when the exec fails. `kept` stays open until the exec, which closes it.
    SpawnError become_or_fail(int kept) const noexcept;

  private:
    // Does everything before the exec.
    std::optional<SpawnError> prepare(int spare, bool session) const noexcept;
    std::size_t find() const noexcept;
    // Tries the candidates by the rules of execvp(3), the `likely` one first. Returns the most informative
    // error.
    SpawnError execute(std::size_t likely) const noexcept;
    void rebuild();
    std::vector<std::string> argv_;
    std::vector<std::string> environment_;
    std::vector<std::string> candidates_;
    std::vector<char*> argv_pointers_;
    std::vector<char*> environment_pointers_;
    mutable std::vector<char*> script_pointers_;  // "sh", the path, the arguments: for scripts without #!
};

// Closes, after fork, every descriptor >= 3 except `keep` (in ascending order) and `spare`. It uses
// close_range(2) (Linux 5.9), else closes them one by one up to the limit. Async-signal-safe.
void close_descriptors(const int* keep, std::size_t count, int spare) noexcept;

}  // namespace sigmund::sys
