// SPDX-License-Identifier: Apache-2.0
#include "guard/ready.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sys/error.hpp"

namespace sigmund::guard {
namespace {

// An aide keeps its deadline itself, since only it can say what the run listens on. Where it cannot (its
// memory is gone, a disk hangs), the guardian goes on without it.
constexpr Millis aide_patience = 2'000;

std::string text_of(const char* at, std::size_t size) {
    return {at, ::strnlen(at, size)};
}

}  // namespace

Ready::Ready(Extras& extras, Notify* notify, bool final) : extras_(extras), final_(final) {
    for (const run::Probe& probe : extras.ready)
        (probe.kind == run::Probe::Kind::notify ? wants_notice_ : wants_probes_) = true;
    if (notify)
        notify->on_ready = [this](Host& host) {
            if (!notice_open_) return;
            notice_open_ = false;
            settle(host);
        };
}

Millis Ready::deadline() const {
    return due_ >= 0 && living_ && probes_open_ ? due_ + aide_patience : due_;
}

void Ready::life_began(Millis now, Host& host) {
    host.record().ready = false;
    host.save_soon();
    living_ = true;
    probes_open_ = wants_probes_;
    notice_open_ = wants_notice_;
    notes_.clear();
    if (due_ < 0) due_ = now + extras_.ready_timeout;
    if (probes_open_) begin_probes(host);
}

void Ready::begin_probes(Host& host) {
    report_ = sys::Shared<ReadyReport>::make();
    const ReadyJob job{extras_, host.command(), host.store(), host.record(), host.logs(), ::getpid(), due_};
    pid_t aide = 0;
    std::vector<int> keep{job.shape.stdout_fd, job.shape.stderr_fd};
    job.store.append_to(keep);
    if (report_)
        aide = host.aides().start(
            keep, [&](int lifeline) { return await_probes(job, *report_, lifeline); },
            [this, &host](const sys::ExitStatus& status) { probes_ended(status, host); });
    if (aide != 0) return;
    probes_open_ = false;
    give_up(host, Cause::unready, "the probes cannot be tried: " + sys::describe_errno(errno));
}

void Ready::probes_ended(const sys::ExitStatus& status, Host& host) {
    const std::string result = report_ ? text_of(report_->result, sizeof report_->result) : "";
    const int code = status.shell_code();
    // One that has failed otherwise (no memory) leaves the rest to the deadline.
    if (code == answered_by_others) return give_up(host, Cause::answered_by_other, result);
    if (code == probes_timed_out) return give_up(host, Cause::unready, result);
    if (code != probes_answered) return;
    report_.reset();
    probes_open_ = false;
    notes_ = result;
    settle(host);
}

void Ready::life_ended(Host&) {
    living_ = probes_open_ = notice_open_ = false;
    report_.reset();
}

void Ready::settle(Host& host) {
    if (due_ < 0 || probes_open_ || notice_open_) return;
    due_ = -1;
    first_ = false;
    host.record().ready = true;
    host.record().ready_detail = notes_;
    if (!notes_.empty()) host.note("ready: " + notes_);
    host.save_soon();
    host.post({EventKind::ready});
}

void Ready::give_up(Host& host, Cause cause, const std::string& detail) {
    due_ = -1;
    probes_open_ = notice_open_ = false;
    host.record().ready_detail = detail;
    host.note((cause == Cause::unready ? "not ready in time: " : "not ready: ") + detail);
    host.save_soon();
    if (first_ || final_)
        host.post({.kind = EventKind::stop, .cause = cause});
    else if (living_)
        host.post({.kind = EventKind::restart, .cause = Cause::unhealthy, .lasted = 0});
}

void Ready::fire(std::span<const pollfd>, Millis, Host& host) {
    if (!living_) return give_up(host, Cause::unready, "it ended, and waits to be started again");
    std::string detail = notice_open_ && !probes_open_ ? "notify: no READY=1 was received" : "";
    if (detail.empty() && report_) detail = text_of(report_->last, sizeof report_->last);
    give_up(host, Cause::unready, detail);
}

}  // namespace sigmund::guard
