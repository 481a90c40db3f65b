// SPDX-License-Identifier: Apache-2.0
#include "guard/start_look.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sigmund::guard {

StartLook::StartLook(ReadyPlan* plan, const sys::SpawnPlan& command, Lives& lives, Keeper& keeper,
                     Aides& aides)
    : plan_(plan && !plan->shared && needs_look(plan->probes) ? plan : nullptr),
      command_(command),
      lives_(lives),
      keeper_(keeper),
      aides_(aides) {}

bool StartLook::may_begin() {
    if (!plan_) return true;
    // A worker that joins others of its pool does not begin a life of the run.
    const auto& members = lives_.members();
    if (std::any_of(members.begin(), members.end(), [](const Member& m) { return m.life.begun(); }))
        return true;
    if (std::exchange(free_, false)) return true;
    if (look_) return false;  // an aide searches already, for another worker of the pool
    if (send_aide()) return false;
    look_.reset();
    post_to_starting({.kind = EventKind::not_executed, .error = EAGAIN});
    keeper_.log().note("cannot be started again: no process can be made for its readiness checks");
    return false;
}

bool StartLook::send_aide() {
    look_ = sys::Shared<ReadyLook>::make();
    if (!look_) return false;
    const std::vector<std::uint64_t> kept = sockets_of(command_.keep_fds);
    const run::Record& record = keeper_.record();
    std::vector<int> keep;
    keeper_.store().append_to(keep);
    return aides_.start(
               keep,
               [this, &kept, &record](int lifeline) {
                   look_before_life({.probes = plan_->probes,
                                     .kept = kept,
                                     .store = keeper_.store(),
                                     .project = record.project,
                                     .guardian = record.guardian_pid,
                                     .lifeline = lifeline},
                                    *look_);
                   return 0;
               },
               [this](const sys::ExitStatus& status) { looked(status); }) != 0;
}

void StartLook::looked(const sys::ExitStatus& status) {
    if (!look_) return;
    free_ = status.success() && look_->found == ReadyLook::Found::free;
    const bool taken = status.success() && look_->found == ReadyLook::Found::taken;
    std::string problem(look_->problem, ::strnlen(look_->problem, sizeof look_->problem));
    if (problem.empty()) problem = "the check of its ports failed";
    plan_->look = *look_;
    look_.reset();
    if (free_) return post_to_starting({EventKind::looked});
    keeper_.log().note("cannot be started again: " + problem);
    keeper_.learn(ReadyDetail{problem});
    // An unknown cause may pass, as a port in use may.
    post_to_starting({.kind = EventKind::not_executed, .error = taken ? EADDRINUSE : EAGAIN});
}

void StartLook::post_to_starting(const Event& event) {
    for (Member& member : lives_.members())
        if (member.state.phase == Phase::starting && !member.life.begun()) lives_.post(member, event);
}

}  // namespace sigmund::guard
