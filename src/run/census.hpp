// SPDX-License-Identifier: Apache-2.0
// The processes of a run, found from its record alone, with proof. One look over /proc, made when first
// needed, serves every record a command asks about. What is found may have gone by the time it is signalled:
// see ops/, which pins each with a pidfd and looks again.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "run/record.hpp"
#include "sys/process.hpp"

namespace sigmund::run {

// What the number that was the leader's pid is now.
enum class LeaderFact : std::uint8_t {
    gone,      // no such process
    alive,     // proven to be the recorded one
    zombie,    // proven, and ended: nobody has reaped it
    stranger,  // another process, or one whose identity cannot be proven
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
    // Throws Failure (refused) where /proc shows another PID namespace, or is not mounted.
    Census();
    explicit Census(sys::Procfs proc);

    bool same_boot(const Record& record) const;
    bool same_pid_namespace(const Record& record) const;

    LeaderFact leader(const Record& record, char* state = nullptr) const;
    // Whether this pidfd is of the record's leader, which lives; asked where /proc does not show it.
    static bool lives_hidden(const Record& record, int pidfd);
    // Whether the recorded guardian's pid still is that process.
    bool guardian_proven(const Record& record) const;

    // Living processes of the run, proven to belong: descendants of its guardian while that lives; else of
    // the proven leader and of processes that carry the run's key, and their peers in the leader's own
    // session. `known` have been proven before: while such a process keeps its number, it and its descendants
    // belong, whatever has become of the proof. Zombies are not counted; never the guardian, never this
    // process. For root in another user's store only what belongs() to that user.
    // Throws Failure when the descriptors or the memory to look are not to be had: a look that missed
    // processes would be taken for their end.
    std::vector<Member> members(const Record& record, std::span<const Member> known = {}) const;
    // Whether a process is of the user in whose store root acts: all its user ids are, or it descends from
    // one of which this is true (sudo, setuid programs). True for any, where this is not root's case.
    bool belongs(pid_t pid) const;
    // Whether processes sit in the record's group or session of which none is proven: the numbers were
    // reused.
    bool group_reused(const Record& record) const;

    // open_pidfd(), which waits for a descriptor to be had and throws Failure when none is. Empty: it is
    // gone.
    static sys::Fd pin(pid_t pid);

    const sys::Procfs& proc() const { return proc_; }
    // Forgets the look over /proc, so that the next question looks again.
    void refresh() { known_ = false; }

  private:
    struct Entry {
        Member member;
        std::string key;  // its SIGMUND_KEY, if it may be read
    };
    const std::unordered_map<pid_t, Entry>& everybody() const;
    std::vector<Member> descendants(pid_t root) const;
    void add_proven(const Record& record, std::span<const Member> known, std::vector<Member>& out) const;
    bool is_users(pid_t pid, uid_t user) const;

    sys::Procfs proc_;
    std::string boot_id_;
    std::uint64_t pid_namespace_;
    mutable bool known_ = false;
    mutable std::unordered_map<pid_t, Entry> everybody_;
};

}  // namespace sigmund::run
