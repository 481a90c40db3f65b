// SPDX-License-Identifier: Apache-2.0
// A member of a run has lives of its own. A plain run is one member, each worker of a pool is one, and the
// stages of a pipe share one.
#pragma once
#include "guard/account.hpp"
#include "guard/aide.hpp"
#include "guard/machine.hpp"
#include "guard/terminate.hpp"
#include "run/sent_signal.hpp"

namespace sigmund::guard {

struct Member {
    int worker = -1;  // its number in the pool; -1: there is no pool
    State state;
    Life life;
    Account account;
    run::SentSignal last_signal;  // to this life, or the last one
    bool end_noted = false;       // the end of the last life is in the record already
};

// Returns how a note in the log begins that is about this member: "worker 2 ", or nothing without a pool.
inline std::string prefix_of(const Member& member) {
    return member.worker >= 0 ? "worker " + std::to_string(member.worker) + ' ' : "";
}

// The children of the guardian that belong to one member: all except the aides, or those of one worker.
class MemberScope final : public Scope {
  public:
    MemberScope(const Member& member, const Aides& aides) : member_(member), aides_(aides) {}
    bool covers(pid_t child) const noexcept override;
    bool everything() const noexcept override { return member_.worker < 0 && aides_.none(); }

  private:
    const Member& member_;
    const Aides& aides_;
};

}  // namespace sigmund::guard
