// SPDX-License-Identifier: Apache-2.0
// The processes of a run, found from its record alone, with proof. One search of /proc, made when it is first
// needed, serves every record that a command asks about. A process may have gone by the time it is signalled,
// so ops/members pins each with a pidfd and checks it again.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "run/record.hpp"
#include "sys/process.hpp"

namespace sigmund::run {

// What the process number of the leader refers to now.
enum class LeaderFact : std::uint8_t {
    gone,      // there is no such process
    alive,     // it is proven to be the recorded process
    zombie,    // it is proven to be the recorded process, which has ended and was not reaped yet
    stranger,  // it is another process, or its identity cannot be proven
};

struct Member {
    pid_t pid = 0;
    pid_t ppid = 0;
    pid_t pgrp = 0;
    pid_t session = 0;
    std::uint64_t start_ticks = 0;
    char state = '?';
};

class Census {
  public:
    // Throws Failure (refused) when /proc shows another PID namespace or is not mounted.
    Census();
    explicit Census(sys::Procfs proc);

    // Return whether the run was started in this boot of the machine, and in this PID namespace.
    bool same_boot(const Record& record) const;
    bool same_pid_namespace(const Record& record) const;

    // Finds out about the recorded leader. `state` receives its state as /proc/PID/stat has it.
    LeaderFact leader(const Record& record, char* state = nullptr) const;
    // Returns whether this pidfd refers to the recorded leader and the leader lives. It is for a leader that
    // /proc does not show.
    static bool lives_hidden(const Record& record, int pidfd);
    // Returns whether the process number of the guardian still refers to the recorded process.
    bool guardian_proven(const Record& record) const;

    // Returns the living processes that are proven to belong to the run: the descendants of its guardian
    // while the guardian lives; otherwise the descendants of the proven leader and of the processes that
    // carry the run's key, and their peers in the session of the leader. The `known` processes were proven
    // before: while such a process keeps its number, it and its descendants belong to the run, whatever has
    // become of the proof. Zombies, the guardian and this process are left out. For root in another user's
    // store, only the processes that belongs() to that user are returned. Throws Failure when there are no
    // descriptors or no memory for the search, since the processes that it missed would be taken for ended.
    std::vector<Member> members(const Record& record, std::span<const Member> known = {}) const;
    // Returns whether there are any, without a search for all of them where one is soon found.
    bool has_members(const Record& record) const;
    // Returns whether a process belongs to the user in whose store root acts: all its user ids are that
    // user's, or it descends from a process of which this is true (sudo, setuid programs). Always true unless
    // root acts in another user's store.
    bool belongs(pid_t pid) const;
    // Returns whether there are processes in the group or session of the record although none is proven to
    // belong to the run. Then the numbers were reused.
    bool group_reused(const Record& record) const;

    // Works as sys::open_pidfd(), but waits until a descriptor is free, and throws Failure when none becomes
    // free. The result is empty when the process is gone.
    static sys::Fd pin(pid_t pid);

    const sys::Procfs& proc() const { return proc_; }
    // Forgets what was found in /proc, so that the next question searches again.
    void refresh() { known_ = false; }

  private:
    struct Entry {
        Member member;
        std::string key;  // its SIGMUND_KEY, if it may be read
    };
    const std::unordered_map<pid_t, Entry>& everybody() const;
    template <typename Use>
    void each_descendant(pid_t root, Use use) const;
    void add_proven(const Record& record, std::span<const Member> known, std::vector<Member>& out) const;
    bool is_users(pid_t pid, uid_t user) const;

    sys::Procfs proc_;
    std::string boot_id_;
    std::uint64_t pid_namespace_;
    mutable bool known_ = false;
    mutable std::unordered_map<pid_t, Entry> everybody_;
};

}  // namespace sigmund::run
