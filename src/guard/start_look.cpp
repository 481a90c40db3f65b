// SPDX-License-Identifier: Apache-2.0
#include "guard/start_look.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sigmund::guard {
namespace {

bool about_to_start(const Member& member) {
    return member.state.phase == Phase::starting && !member.life.begun();
}

}  // namespace

StartLook::StartLook(ReadyPlan* plan, const sys::SpawnPlan& command, Lives& lives, Keeper& keeper,
                     Aides& aides)
    : plan_(plan && !plan->shared && needs_look(plan->probes) ? plan : nullptr),
      command_(command),
      lives_(lives),
      keeper_(keeper),
      aides_(aides) {}

run::PortRange StartLook::ports_of(const Member& member) const {
    const int first = keeper_.record().port;
    return {first + std::max(0, member.worker), first != 0 ? 1 : 0};
}

bool StartLook::may_begin(Member& member) {
    // A worker that joins others of its pool does not begin a life of the run, so the probes are not examined.
    const auto& members = lives_.members();
    const bool joins =
        std::any_of(members.begin(), members.end(), [](const Member& m) { return m.life.begun(); });
    const bool probes = plan_ && !joins;
    if (!probes && ports_of(member).count == 0) return true;
    if (std::exchange(free_, nullptr) == &member) return true;
    if (present_.out) return false;  // an aide checks already, for another worker of the pool
    if (send_aide(member, probes)) return false;
    present_.out.reset();
    fail(member, "no process can be made for the check of its ports", EAGAIN);
    return false;
}

bool StartLook::send_aide(const Member& member, bool probes) {
    present_ = {member.worker, probes, sys::Shared<ReadyLook>::make()};
    if (!present_.out) return false;
    const std::vector<std::uint64_t> kept = sockets_of(command_.keep_fds);
    const run::Record& record = keeper_.record();
    const run::PortRange ports = ports_of(member);
    static const std::vector<run::Probe> no_probes;
    const std::vector<run::Probe>& checked = probes ? plan_->probes : no_probes;
    std::vector<int> keep;
    keeper_.store().append_to(keep);
    return aides_.start(
               keep,
               [&](int lifeline) {
                   look_before_life({.probes = checked,
                                     .kept = kept,
                                     .store = keeper_.store(),
                                     .project = record.project,
                                     .guardian = record.guardian_pid,
                                     .lifeline = lifeline,
                                     .ports = ports},
                                    *present_.out);
                   return 0;
               },
               [this](const sys::ExitStatus& status) { looked(status); }, Aides::Serves::next_life) != 0;
}

void StartLook::looked(const sys::ExitStatus& status) {
    const Present done = std::exchange(present_, {});
    if (!done.out) return;
    const ReadyLook& look = *done.out;
    if (done.probes) plan_->look = look;
    const bool free = status.success() && look.found == ReadyLook::Found::free;
    const bool taken = status.success() && look.found == ReadyLook::Found::taken;
    std::string problem(look.problem, ::strnlen(look.problem, sizeof look.problem));
    if (problem.empty()) problem = "the check of its ports failed";
    free_ = nullptr;
    for (Member& member : lives_.members()) {
        if (!about_to_start(member)) continue;
        if (member.worker != done.worker || free) lives_.post(member, {EventKind::looked});
        // An unknown cause may pass, as a port in use may.
        else
            fail(member, problem, taken ? EADDRINUSE : EAGAIN);
        if (member.worker == done.worker && free) free_ = &member;
    }
    if (free && problems_.erase(done.worker) > 0 && problems_.empty()) keeper_.learn(ReadyDetail{""});
}

// A problem that lasts is noted once, however often the start is tried.
void StartLook::fail(Member& member, const std::string& problem, int error) {
    if (std::string& noted = problems_[member.worker]; noted != problem) {
        keeper_.log().note(prefix_of(member) + "cannot be started again: " + problem);
        keeper_.learn(ReadyDetail{problem});
        noted = problem;
    }
    keeper_.start_failed(error);
    lives_.post(member, {.kind = EventKind::not_executed, .error = error});
}

}  // namespace sigmund::guard
