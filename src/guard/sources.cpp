// SPDX-License-Identifier: Apache-2.0
#include "guard/sources.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "guard/fifo_input.hpp"
#include "guard/health.hpp"
#include "guard/input_pipe.hpp"
#include "guard/lease.hpp"
#include "guard/notify.hpp"
#include "guard/ready.hpp"

namespace sigmund::guard {

void Sources::make(Millis timeout, Extras* extras, bool restarts) {
    const Millis now = sys::monotonic_ms();
    if (timeout >= 0) list_.push_back(std::make_unique<Lease>(now + timeout, Cause::timeout));
    if (!extras) return;
    if (extras->ttl >= 0) list_.push_back(std::make_unique<Lease>(now + extras->ttl, Cause::lease));
    for (sys::Fd& process : extras->leases)
        list_.push_back(std::make_unique<ProcessLease>(std::move(process)));
    std::unique_ptr<Notify> notify;
    if (extras->notify) notify = std::make_unique<Notify>(std::move(extras->notify));
    if (!extras->ready.probes.empty()) {
        ready_ = std::make_unique<ReadyPlan>(std::move(extras->ready));
        list_.push_back(std::make_unique<Ready>(*ready_, notify.get(), !restarts));
    }
    if (notify) list_.push_back(std::move(notify));
    notify_file_ = std::move(extras->notify_file);
    if (!extras->health.command.empty()) list_.push_back(std::make_unique<Health>(std::move(extras->health)));
    if (extras->watch) list_.push_back(std::move(extras->watch));
}

void Sources::begin() {
    const Millis now = sys::monotonic_ms();
    for (const auto& source : list_) source->life_began(now, host_);
}

void Sources::hold(sys::Input& input, const std::string& path) {
    if (!input.waits()) return;
    if (path == run::open_input) {
        if (!input_pipe_) {
            auto source = std::make_unique<InputPipe>();
            input_pipe_ = source.get();
            list_.push_back(std::move(source));
        }
        return input_pipe_->hold(std::move(input.writer));
    }
    if (!fifo_input_) {
        auto source = std::make_unique<FifoInput>(path);
        fifo_input_ = source.get();
        list_.push_back(std::move(source));
    }
    fifo_input_->hold(input, host_);
}

OpenInput* Sources::input() const {
    return input_pipe_;
}

void Sources::turned(bool running) {
    if (running) return begin();
    for (const auto& source : list_) source->life_ended(host_);
    if (!list_.empty()) host_.aides().dismiss_all();
}

void Sources::end() {
    list_.clear();
    fifo_input_ = nullptr;
    input_pipe_ = nullptr;
    if (!notify_file_.empty()) host_.store().drop(host_.record().id, run::File::notify);
}

void Sources::watch(std::vector<pollfd>& set) const {
    for (const auto& source : list_) source->watch(set);
}

Millis Sources::deadline() const {
    Millis first = -1;
    for (const auto& source : list_)
        if (const Millis at = source->deadline(); at >= 0 && (first < 0 || at < first)) first = at;
    return first;
}

void Sources::fire(std::span<const pollfd> polled, Millis now) {
    // The counts differ only when the end of the run has removed all sources in between.
    std::vector<pollfd> own;
    for (std::size_t i = 0; i < list_.size(); ++i) {
        Source& source = *list_[i];
        own.clear();
        source.watch(own);
        if (own.size() > polled.size()) return;
        const std::span<const pollfd> mine = polled.first(own.size());
        polled = polled.subspan(own.size());
        const bool ready =
            std::any_of(mine.begin(), mine.end(), [](const pollfd& p) { return p.revents != 0; });
        if (ready || (source.deadline() >= 0 && now >= source.deadline())) source.fire(mine, now, host_);
    }
}

}  // namespace sigmund::guard
