// SPDX-License-Identifier: Apache-2.0
// Before a later life begins: whether a port or socket that its --ready waits for is taken. An aide looks, so
// that the guardian is never held up; the life begins once it has seen nothing.
#include <cerrno>
#include <cstring>
#include <utility>

#include "guard/guardian.hpp"
#include "guard/ready_look.hpp"

namespace sigmund::guard {

// Whether a life may begin now. If not, an aide looks: then the machine hears `looked` or `not_executed`.
bool Guardian::look_first() {
    if (!plan_.extras || plan_.extras->ready_shared || !needs_look(plan_.extras->ready)) return true;
    // A worker that joins others of its pool begins no life of the run.
    for (const Member& member : members_)
        if (member.life.begun()) return true;
    if (std::exchange(looked_, false)) return true;
    if (look_) return false;  // of a pool: for another worker
    look_ = sys::Shared<ReadyLook>::make();
    const std::vector<std::uint64_t> kept = sockets_of(plan_.commands[0]->keep_fds);
    std::vector<int> keep;
    plan_.store.append_to(keep);
    if (look_ && aides_.start(
                     keep,
                     [this, &kept](int lifeline) {
                         look_before_life({.probes = plan_.extras->ready,
                                           .kept = kept,
                                           .store = plan_.store,
                                           .project = plan_.record.project,
                                           .guardian = plan_.record.guardian_pid,
                                           .lifeline = lifeline},
                                          *look_);
                         return 0;
                     },
                     [this](const sys::ExitStatus& status) { look_ended(status); }) != 0)
        return false;
    look_.reset();
    for (Member& member : members_)
        if (member.state.phase == Phase::starting)
            posts_.push_back({&member, {.kind = EventKind::not_executed, .error = EAGAIN}});
    note("cannot be started again: no process is to be had for its readiness checks");
    return false;
}

void Guardian::look_ended(const sys::ExitStatus& status) {
    if (!look_) return;
    const bool free = status.success() && look_->found == ReadyLook::Found::free;
    const bool taken = status.success() && look_->found == ReadyLook::Found::taken;
    std::string problem(look_->problem, ::strnlen(look_->problem, sizeof look_->problem));
    if (problem.empty()) problem = "the look at its ports failed";
    plan_.extras->look = *look_;
    look_.reset();
    looked_ = free;
    if (!free) {
        note("cannot be started again: " + problem);
        plan_.record.ready_detail = problem;
    }
    // What cannot be told may pass, as a port in use may.
    const Event event = free ? Event{EventKind::looked}
                             : Event{.kind = EventKind::not_executed, .error = taken ? EADDRINUSE : EAGAIN};
    for (Member& member : members_)
        if (member.state.phase == Phase::starting && !member.life.begun()) posts_.push_back({&member, event});
}

}  // namespace sigmund::guard
