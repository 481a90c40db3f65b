// SPDX-License-Identifier: Apache-2.0
#include "guard/ready.hpp"

namespace sigmund::guard {

Ready::Ready(Extras& extras, std::string log, Notify* notify) : extras_(extras), log_(std::move(log)) {
    for (const run::Probe& probe : extras.ready)
        (probe.kind == run::Probe::Kind::notify ? wants_notice_ : wants_probes_) = true;
    if (notify)
        notify->on_ready = [this](Host& host) {
            if (!notice_open_) return;
            notice_open_ = false;
            settle(host);
        };
}

void Ready::life_began(Millis now, Host& host) {
    host.record().ready = false;
    host.save_soon();
    probes_open_ = wants_probes_;
    notice_open_ = wants_notice_;
    due_ = now + extras_.ready_timeout;
    if (!probes_open_) return;
    const sys::SpawnPlan& shape = host.command();
    const std::int64_t from = host.log_mark();
    const std::string& cwd = host.record().cwd;
    const pid_t aide = host.aides().start(
        {shape.stdout_fd, shape.stderr_fd},
        [&](int lifeline) { return await_probes(extras_.ready, shape, cwd, log_, from, lifeline); },
        [this, &host](const sys::ExitStatus& status) {
            probes_open_ = !status.success();
            settle(host);
        });
    if (aide == 0) due_ = now;  // no process to be had
}

void Ready::life_ended(Host&) {
    due_ = -1;
    probes_open_ = notice_open_ = false;
    first_ = false;
}

void Ready::settle(Host& host) {
    if (due_ < 0 || probes_open_ || notice_open_) return;
    due_ = -1;
    host.record().ready = true;
    host.save_soon();
    host.post({EventKind::ready});
}

void Ready::fire(std::span<const pollfd>, Millis, Host& host) {
    due_ = -1;
    host.note("not ready in time");
    if (first_)
        host.post({.kind = EventKind::stop, .cause = Cause::unready});
    else
        host.post({.kind = EventKind::restart, .cause = Cause::unhealthy, .lasted = 0});
}

}  // namespace sigmund::guard
