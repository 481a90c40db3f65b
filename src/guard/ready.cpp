// SPDX-License-Identifier: Apache-2.0
#include "guard/ready.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "run/label.hpp"
#include "sys/error.hpp"

namespace sigmund::guard {
namespace {

// An aide observes the deadline itself, since only it can say what the run listens on. When it cannot (it has
// no memory, or a disk hangs), the guardian continues without it after this time.
constexpr Millis aide_patience = 2'000;

std::string text_of(const char* at, std::size_t size) {
    return {at, ::strnlen(at, size)};
}

}  // namespace

Ready::Ready(ReadyPlan& plan, Notify* notify, bool final) : plan_(plan), final_(final) {
    for (const run::Probe& probe : plan.probes)
        (probe.kind == run::Probe::Kind::notify ? wants_notice_ : wants_probes_) = true;
    wants_probes_ = wants_probes_ || !plan.failures.empty();
    if (notify)
        notify->on_ready = [this](Host& host) {
            if (!notice_open_) return;
            notice_open_ = false;
            notice_.reset();
            settle(host);
        };
}

Millis Ready::deadline() const {
    return due_ >= 0 && living_ && probes_open_ ? due_ + aide_patience : due_;
}

void Ready::life_began(Millis now, Host& host) {
    host.tell(Readiness{false});
    living_ = true;
    probes_open_ = wants_probes_;
    notice_open_ = wants_notice_;
    notes_.clear();
    if (due_ < 0) due_ = now + plan_.timeout;
    if (probes_open_) begin_probes(host);
}

void Ready::begin_probes(Host& host) {
    report_ = sys::Shared<ReadyReport>::make();
    int ends[2] = {-1, -1};
    const bool shares_notice = wants_notice_ && !plan_.failures.empty();
    const bool complete = !shares_notice || ::pipe2(ends, O_CLOEXEC) == 0;
    const sys::Fd notice(ends[0]);
    notice_.reset(ends[1]);
    const ReadyJob job{plan_,       host.command(), host.store(), host.record(),
                       host.logs(), ::getpid(),     due_,         notice.get()};
    pid_t aide = 0;
    std::vector<int> keep{job.shape.stdout_fd, job.shape.stderr_fd};
    if (notice) keep.push_back(notice.get());
    job.store.append_to(keep);
    if (report_ && complete)
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
    // After a failure of the aide itself (no memory) the deadline decides.
    if (code == answered_by_others) return give_up(host, Cause::answered_by_other, result);
    if (code == said_failure) return give_up(host, Cause::ready_fail, result);
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
    notice_.reset();
}

void Ready::settle(Host& host) {
    if (due_ < 0 || probes_open_ || notice_open_) return;
    due_ = -1;
    first_ = false;
    host.tell(Readiness{true});
    host.tell(ReadyDetail{notes_});
    if (!notes_.empty()) host.note("ready: " + notes_);
    host.post({EventKind::ready});
}

void Ready::give_up(Host& host, Cause cause, const std::string& detail) {
    due_ = -1;
    probes_open_ = notice_open_ = false;
    notice_.reset();
    host.tell(ReadyDetail{detail});
    host.note((cause == Cause::unready ? "not ready in time: " : "not ready: ") + detail);
    if (first_ || final_)
        host.post({.kind = EventKind::stop, .cause = cause});
    else if (living_)
        host.post({.kind = EventKind::restart, .cause = cause, .lasted = 0});
}

void Ready::fire(std::span<const pollfd>, Millis, Host& host) {
    if (!living_) return give_up(host, Cause::unready, run::waits_text(host.record()));
    std::string detail = notice_open_ && !probes_open_ ? "notify: no READY=1 was received" : "";
    if (detail.empty() && report_) detail = text_of(report_->last, sizeof report_->last);
    give_up(host, Cause::unready, detail);
}

}  // namespace sigmund::guard
