// SPDX-License-Identifier: Apache-2.0
#include "ops/stop.hpp"

#include <algorithm>

#include "ops/channel.hpp"
#include "ops/stop_target.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using Targets = std::vector<StopTarget>;

bool all_done(const Targets& targets) {
    return std::all_of(targets.begin(), targets.end(), [](const StopTarget& each) { return each.done(); });
}

// Waits in poll(2) until something happens to one of the targets or is due, and lets each target do its part. Returns
// false at once when the descriptor `interrupt` is readable.
bool turn(Targets& targets, int interrupt = -1) {
    std::vector<pollfd> set;
    std::vector<StopTarget*> owner;
    sys::Millis due = -1;
    for (StopTarget& each : targets) {
        if (each.done()) continue;
        due = due < 0 ? each.due() : std::min(due, each.due());
        each.watch(set);
        owner.resize(set.size(), &each);
    }
    set.push_back({interrupt, POLLIN, 0});
    const sys::Millis pause = std::clamp<sys::Millis>(due - sys::monotonic_ms(), 0, 1 << 30);
    ::poll(set.data(), set.size(), static_cast<int>(pause));
    if (set.back().revents != 0) return false;
    const sys::Millis now = sys::monotonic_ms();
    StopTarget* last = nullptr;
    for (std::size_t i = 0; i < owner.size(); ++i) {
        if (set[i].revents == 0 || owner[i]->done() || owner[i] == last) continue;
        last = owner[i];  // fire() may change what is watched, so it is called once a turn
        last->fire();
    }
    for (StopTarget& each : targets)
        if (!each.done()) each.turn(now);
    return true;
}

void begin_all(const std::vector<StopTarget*>& targets) {
    // All guardians together have this time to accept the connection, and again to answer. Any other is
    // frozen.
    const sys::Millis let_in = sys::monotonic_ms() + run::hello_patience;
    for (StopTarget* each : targets) each->begin(let_in);
    const sys::Millis answered = sys::monotonic_ms() + run::hello_patience;
    for (StopTarget* each : targets) each->await_hello(answered);
}

void stop_together(Targets& targets) {
    std::vector<StopTarget*> all;
    for (StopTarget& each : targets) all.push_back(&each);
    begin_all(all);
    while (!all_done(targets)) turn(targets);
}

}  // namespace

std::vector<StopOutcome> stop(const run::View& view, const std::vector<run::Judged>& runs,
                              const StopRequest& request) {
    const MoreDescriptors more;
    std::vector<StopOutcome> outcomes(runs.size());
    // Each run needs at least two descriptors. Runs for which there are none are stopped after the others.
    for (std::size_t at = 0; at < runs.size();) {
        const std::size_t end = std::min(runs.size(), at + std::max<std::size_t>(1, descriptors_left() / 2));
        Targets targets;
        targets.reserve(end - at);
        for (; at < end; ++at) targets.emplace_back(view, request, runs[at], outcomes[at]);
        stop_together(targets);
    }
    return outcomes;
}

std::vector<StopOutcome> stop_in_order(const run::View& view, const std::vector<run::Judged>& runs,
                                       const std::vector<std::vector<std::size_t>>& after,
                                       const StopRequest& request) {
    const MoreDescriptors more;
    std::vector<StopOutcome> outcomes(runs.size());
    Targets begun;
    begun.reserve(runs.size());
    std::vector<std::size_t> place(runs.size(), runs.size());  // in `begun`
    const auto is_over = [&](std::size_t i) { return place[i] < begun.size() && begun[place[i]].done(); };
    while (begun.size() < runs.size() || !all_done(begun)) {
        std::vector<StopTarget*> now;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (place[i] < runs.size() || !std::all_of(after[i].begin(), after[i].end(), is_over)) continue;
            place[i] = begun.size();
            begun.emplace_back(view, request, runs[i], outcomes[i]);
            now.push_back(&begun.back());
        }
        begin_all(now);
        if (!all_done(begun) && !turn(begun, request.interrupt)) break;
    }
    return outcomes;
}

}  // namespace sigmund::ops
