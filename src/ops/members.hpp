// SPDX-License-Identifier: Apache-2.0
// The processes of a run without its guardian's help: found from the record, proven, pinned by pidfds,
// signalled, and seen to end.
#pragma once
#include <sys/resource.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "run/census.hpp"
#include "run/reach.hpp"

namespace sigmund::ops {

// A process of the run that was proven once. It stays one until it is seen to end, even when what proved it
// (its parent, its session's leader) is gone.
struct Pinned {
    run::Member member;
    std::uint64_t inode = 0;  // of its pidfd; 0: the kernel has none (before 6.9)
    sys::Fd pidfd;            // empty while descriptors are short: the identity above finds it again
    bool signalled = false;   // the stop signal has reached it
    bool killed = false;      // SIGKILL has
    bool denied = false;      // EPERM: it is another user's
};

// Those that this user may not signal: they have become another user's (sudo, setuid programs).
std::vector<pid_t> not_permitted(const std::vector<run::Member>& members);
// The command that ends them: "sudo kill PID...".
std::string sudo_kill(const std::vector<pid_t>& pids);

class Roster {
  public:
    Roster(const run::Record& record, run::Census& census) : record_(&record), census_(&census) {}

    // Looks over /proc in passes until one finds nothing new, and pins what it finds. Returns whether any was
    // new. Throws run::Failure when there are no descriptors or no memory to look with.
    bool look();
    // Takes away those that have ended, and tells of each.
    void drop_ended(const std::function<void(const Pinned&)>& ended);
    // Sends a signal, then `also` if that is not 0; 0 or errno.
    int send(Pinned& each, int signal, int also = 0) const;
    // SIGKILL to all. They are stopped before, in passes until none is new, so that no process can start
    // another one and end between two looks.
    void kill();

    std::vector<Pinned>& all() { return all_; }
    bool empty() const { return all_.empty(); }
    // Whether in the last pass no process at all was started, so that it cannot have missed one.
    bool settled() const { return settled_; }
    // Whether each is held by a pidfd, so that poll(2) tells of every end.
    bool held() const;
    // The control groups that its processes were seen in.
    const std::set<std::string>& cgroups() const { return cgroups_; }
    // Parents of its processes that are none themselves: they adopt what loses its parent.
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
    bool freezing_ = false;  // what is found is stopped at once
};

struct SignalReport {
    std::vector<pid_t> reached;
    bool denied = false;  // EPERM for at least one
};

// Sends `signal` to the processes of a run, in passes until one finds none that was not reached before.
SignalReport signal_members(Roster& roster, const run::Record& record, int signal, run::Reach reach);

// To a guardian that lives and does not answer: SIGTERM or SIGQUIT waits for it there, so that it does not
// start again what was ended without it. Whether it could be proven and told. `record` is a full one.
bool tell_guardian(const run::Record& record, const run::Census& census, int signal);

// As many descriptors as this process may have, for the time of one scope: what it starts later must not
// inherit that.
class MoreDescriptors {
  public:
    MoreDescriptors();
    MoreDescriptors(const MoreDescriptors&) = delete;
    MoreDescriptors& operator=(const MoreDescriptors&) = delete;
    ~MoreDescriptors();

  private:
    rlimit before_{};
};
// How many more descriptors it may open.
std::size_t descriptors_left();

}  // namespace sigmund::ops
