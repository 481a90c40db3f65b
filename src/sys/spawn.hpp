// SPDX-License-Identifier: Apache-2.0
// A process to be: all of it is settled beforehand (SpawnPlan); after fork nothing is allocated or looked up.
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

// Where a start can fail: `process` is the parent's part (fork, the record), the others are the child's, in
// their order. Crosses the gate as a byte.
enum class SpawnStage : unsigned char { process, session, descriptors, directory, limits, priority, exec };
const char* spawn_stage_name(SpawnStage stage);

struct SpawnError {
    SpawnStage stage = SpawnStage::exec;
    int error = 0;  // errno
};

class SpawnPlan {
  public:
    // Paths tried in order, as execvp(3) would: `search_path` is the child's PATH (absent: the system's
    // default). A command with a slash is taken as it is, from the child's working directory.
    SpawnPlan(std::vector<std::string> argv, std::vector<std::string> environment,
              const std::optional<std::string>& search_path);
    SpawnPlan(const SpawnPlan&) = delete;  // the pointer arrays point into the strings
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    // Another command, with a slash in argv[0], of the same environment, output and inherited limits; all
    // else as by default.
    std::unique_ptr<SpawnPlan> with_command(std::vector<std::string> argv) const;

    const std::string& command() const { return argv_[0]; }

    // Replaces the value of NAME=... in the environment, or adds it. Not after fork.
    void set_environment(const std::string& name, const std::string& value);

    int stdin_fd = -1;  // each >= 3, or -1: left as it is
    int stdout_fd = -1;
    int stderr_fd = -1;
    int cwd_fd = -1;  // a folder to change to; -1: stay
    bool new_session = true;
    std::vector<int> keep_fds;  // inherited descriptors >= 3 that stay open, ascending
    std::optional<mode_t> umask;
    std::optional<int> nice;                       // absolute niceness
    std::vector<RlimitSetting> inherited_rlimits;  // what the caller had: set first
    std::vector<RlimitSetting> rlimits;
    int oom_score_adj = 0;  // above 0: what the caller had, to be set again
    SignalSetup signals;
    sigset_t inherited_mask{};           // restored first when signals.reset is off: what the caller had
    bool inherited_chld_ignore = false;  // likewise: the caller ignored SIGCHLD

    // ask, before the fork: whether one of the paths looks as if it could be executed from `cwd_fd`. 0, or
    // the error that execve(2) would give: ENOENT, EACCES.
    int look() const noexcept;

    // After fork, in the child; all of it async-signal-safe. Sets everything up; with a `gate`
    // (close-on-exec, which an exec closes for the parent to see) waits for one byte there, and leaves
    // without a word when it is closed instead; then replaces the process. What fails is sent to the gate as
    // a SpawnError, and the exit status is 127.
    [[noreturn]] void become(int gate) const noexcept;

  private:
    std::optional<SpawnError> prepare(int spare) const noexcept;  // all but the exec
    std::size_t find() const noexcept;
    // execvp's rules, the `likely` candidate first: returns with the last error that says most.
    SpawnError execute(std::size_t likely) const noexcept;
    void rebuild();
    std::vector<std::string> argv_;
    std::vector<std::string> environment_;
    std::vector<std::string> candidates_;
    std::vector<char*> argv_pointers_;
    std::vector<char*> environment_pointers_;
    mutable std::vector<char*> script_pointers_;  // "sh", PATH, arguments: for scripts without #!
};

// After fork: closes every descriptor >= 3 except `keep` (ascending) and `spare`. close_range(2) (Linux 5.9),
// else one by one up to the limit. Async-signal-safe.
void close_descriptors(const int* keep, std::size_t count, int spare) noexcept;

}  // namespace sigmund::sys
