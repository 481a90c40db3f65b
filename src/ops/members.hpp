// SPDX-License-Identifier: Apache-2.0
// The processes of a run when its guardian cannot help: they are found from its record, proven to belong to
// it, pinned by pidfds, signalled, and seen to end.
#pragma once
#include <sys/resource.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "run/census.hpp"
#include "run/reach.hpp"

namespace sigmund::ops {

// A process that was once proven to belong to the run. It counts as one until it is seen to end, even when
// what proved it (its parent, the leader of its session) is gone.
struct Pinned {
    run::Member member;
    std::uint64_t inode = 0;  // of its pidfd; 0: the kernel provides none (before 6.9)
    sys::Fd pidfd;  // empty while descriptors are short; then `member` and `inode` find the process again
    bool signalled = false;  // the stop signal has reached it
    bool killed = false;     // SIGKILL has reached it
    bool denied = false;     // EPERM: it belongs to another user
    // Returns whether poll(2) tells its end by the pidfd.
    bool tells_end() const { return pidfd && sys::tells_end(pidfd.get()); }
};

// Why processes cannot be signalled by a process that is not their parent: the system has no pidfd_send_signal(2).
// Empty where it has.
std::string why_not_signalled();

// Returns the processes that this user may not signal, since they now belong to another user (sudo, setuid
// programs).
std::vector<pid_t> not_permitted(const std::vector<run::Member>& members);
// Returns the command that ends them: "sudo kill PID...".
std::string sudo_kill(const std::vector<pid_t>& pids);

class Roster {
  public:
    Roster(const run::Record& record, run::Census& census) : record_(&record), census_(&census) {}

    // Looks through /proc in passes until one finds nothing new, and pins what it finds. Returns whether it
    // found anything new. Throws run::Failure when there are not enough descriptors or memory.
    bool look();
    // Removes the processes that have ended, after passing each to `ended`.
    void drop_ended(const std::function<void(const Pinned&)>& ended);
    // Sends a signal, and then `also` unless that is 0. Returns 0 or errno.
    int send(Pinned& each, int signal, int also = 0) const;
    // Sends SIGKILL to all. They are stopped first, in passes until one finds nothing new, so that no process
    // can start another one and end between two passes.
    void kill();

    std::vector<Pinned>& all() { return all_; }
    const std::vector<Pinned>& all() const { return all_; }
    bool empty() const { return all_.empty(); }
    // Returns whether no process at all was started on this machine during the last pass, so that the pass
    // cannot have missed any.
    bool settled() const { return settled_; }
    // Returns whether every process is held by a pidfd, so that poll(2) reports every end.
    bool held() const;
    // The control groups in which its processes were seen.
    const std::set<std::string>& cgroups() const { return cgroups_; }
    // The parents of its processes that are not part of the run themselves: they adopt orphans of the run.
    const std::set<pid_t>& reapers() const { return reapers_; }

  private:
    bool pass();
    bool add(const run::Member& member);
    bool is_same(const Pinned& each, int pidfd) const;
    bool has_ended(const Pinned& each) const;
    const run::Record* record_;
    run::Census* census_;
    std::vector<Pinned> all_;
    std::set<std::string> cgroups_;
    std::set<pid_t> reapers_;
    bool settled_ = false;
    bool freezing_ = false;  // processes are stopped as soon as they are found
};

struct SignalReport {
    std::vector<pid_t> reached;
    bool denied = false;      // EPERM for at least one process
    bool impossible = false;  // see why_not_signalled()
};

// Sends `signal` to the processes of a run, in passes until one finds nothing that was not reached before.
SignalReport signal_members(Roster& roster, const run::Record& record, int signal, run::Reach reach);

// Sends SIGTERM or SIGQUIT to a guardian that lives but does not answer. The signal stays pending, so that
// the guardian does not restart a run that was ended without it. Returns whether the guardian was proven and
// got the signal. `record` must have been read with Depth::full.
bool tell_guardian(const run::Record& record, const run::Census& census, int signal);

// Raises the limit of descriptors as far as this process may, until the end of a scope: processes that it
// starts later must not inherit the raised limit.
class MoreDescriptors {
  public:
    MoreDescriptors();
    MoreDescriptors(const MoreDescriptors&) = delete;
    MoreDescriptors& operator=(const MoreDescriptors&) = delete;
    ~MoreDescriptors();

  private:
    rlimit before_{};
};
// Returns how many more descriptors this process may open.
std::size_t descriptors_left();

}  // namespace sigmund::ops
