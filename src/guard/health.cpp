// SPDX-License-Identifier: Apache-2.0
#include "guard/health.hpp"

namespace sigmund::guard {

void Health::life_began(Millis now, Host& host) {
    began_ = well_ = now;
    failures_ = 0;
    // The first check comes soon, later ones at the interval.
    due_ = now + std::min(plan_.interval, Millis{1000});
    show("starting", host);
}

void Health::life_ended(Host&) {
    due_ = -1;
}

void Health::show(const char* health, Host& host) {
    host.tell(HealthState{health});
}

void Health::fire(std::span<const pollfd>, Millis now, Host& host) {
    due_ = -1;                                        // the next check is due after this one
    if (host.record().state == run::State::paused) {  // a paused run cannot answer
        due_ = now + plan_.interval;
        return;
    }
    const sys::SpawnPlan& shape = host.command();
    const pid_t aide = host.aides().start(
        {shape.stdout_fd, shape.stderr_fd},
        [&](int lifeline) {
            return run_shell(shape, {plan_.command, host.record().cwd, {}, plan_.timeout}, lifeline);
        },
        [this, &host](const sys::ExitStatus& status) { checked(status, host); });
    // No process could be forked. This says nothing about the run.
    if (aide == 0) due_ = now + plan_.interval;
}

void Health::checked(const sys::ExitStatus& status, Host& host) {
    const Millis now = sys::monotonic_ms();
    due_ = now + plan_.interval;
    if (status.success()) {
        failures_ = 0;
        well_ = now;
        return show("healthy", host);
    }
    if (now - began_ < plan_.start || host.record().state == run::State::paused) return;
    ++failures_;
    host.note(
        "health check failed (" + std::to_string(failures_) + " of " + std::to_string(plan_.retries) +
        "): " + (status.signal == 0 && status.code == 124 ? "timed out" : run::Result::of(status).str()));
    if (failures_ < plan_.retries) return;
    due_ = -1;
    show("unhealthy", host);
    // Only the healthy part of a life counts as its length, since otherwise the limit would never be reached.
    host.post({.kind = EventKind::restart, .cause = Cause::unhealthy, .lasted = well_ - began_});
}

}  // namespace sigmund::guard
