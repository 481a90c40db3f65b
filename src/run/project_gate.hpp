// SPDX-License-Identifier: Apache-2.0
// The gate of a project, through which each start of an `up` goes. `down` closes it to those that began before: what
// they have not started by then they never start. The file stacks/HASH has a number that grows with each `down` (which
// on a full disk removes the file instead), and who starts or closes holds its lock. A hash that two projects share does no more than end an `up` early.
//
// Who holds the lock may be stopped (SIGSTOP, Ctrl-Z). Another start then fails soon and names it. Who closes does
// not wait for it: a start looks at the gate once more after it has started a run, and stops that run again.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::run {

class ProjectGate {
  public:
    // Throws std::system_error when the file cannot be made or read.
    ProjectGate(const Store& store, const std::string& project);

    // Waits for the lock, and returns it; or returns nothing as soon as the descriptor `interrupt` is readable. Throws
    // Failure when the process that holds it is stopped, or keeps it for 60 s, or std::system_error.
    sys::Fd lock(int interrupt = -1) const;
    // The same for who closes the gate, or a part of it: where the process that holds the lock is stopped, it returns
    // nothing, and the caller goes on without the lock.
    sys::Fd lock_or_pass_by() const;
    // Returns whether `down` has closed the gate since this object was made. Call it under the lock.
    bool closed() const;
    // Closes the gate to all that began before. Who begins later waits for the end of this object.
    void close();

    // Waits until no `down` is at work, at most 60 s or until the descriptor `interrupt` is readable; `waits` is called
    // when it has to. Then says that this process is at work, for as long as this object lives.
    void begin_work(int interrupt = -1, const std::function<void()>& waits = {});
    // Returns whether the process (PID.START) is at work now.
    bool is_at_work(const std::string& process) const;

    // Closes the gate of a project in which `up` was used. Keep what it returns until the runs are stopped.
    [[nodiscard]] static std::optional<ProjectGate> close_if_used(const Store& store,
                                                                  const std::string& project);
    // The same for each project in which an `up` is at work.
    [[nodiscard]] static std::vector<ProjectGate> close_all_used(const Store& store);

    // Removes the files that nobody has used for a day.
    static void sweep(const Store& store);

  private:
    friend class WaitingList;  // knows a gate by its file
    struct Pass {
        sys::Fd lock;
        pid_t stopped = 0;  // the process that holds the lock and is stopped
    };
    struct ByFile {
        std::string file;
    };
    ProjectGate(const Store& store, ByFile by);

    Pass pass(int interrupt) const;
    pid_t stopped_holder(int fd) const;
    std::uint64_t count() const;
    int dir_;
    std::string file_, shown_;
    std::uint64_t first_ = 0;
    sys::Fd work_;  // marks the byte with the number of this process, or that of those that close the gate
};

}  // namespace sigmund::run
