// SPDX-License-Identifier: Apache-2.0
#include "guard/lives.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace sigmund::guard {

Lives::Lives(int workers, Policy policy, int stop_signal)
    : members_(static_cast<std::size_t>(std::max(workers, 1))), policy_(std::move(policy)) {
    ending_.signal = stop_signal;
    posts_.reserve(4);
    if (workers > 0)
        for (int i = 0; i < workers; ++i) members_[static_cast<std::size_t>(i)].worker = i;
}

void Lives::post(const Event& event) {
    if (event.kind == EventKind::stop || event.kind == EventKind::kill) {
        if (!ending_.begun && !clearing()) ending_.ledger = {};  // a new stop gets a ledger of its own
        ending_.begun = true;
        if (ending_.cause == Cause::none)
            ending_.cause = event.cause == Cause::none ? Cause::kill : event.cause;
    }
    const auto waits = [&](const Member& member, const std::vector<Post>& posts) {
        return std::any_of(posts.begin(), posts.end(), [&](const Post& each) {
            return each.member == &member && each.event.kind == event.kind;
        });
    };
    for (Member& member : members_)
        if (event.kind != EventKind::restart || (!waits(member, posts_) && !waits(member, held_)))
            post(member, event);
}

std::vector<Lives::Due> Lives::step(Millis now, const std::function<void(bool running)>& turned) {
    std::vector<Due> due;
    std::vector<Post> batch;
    batch.swap(posts_);
    batch.insert(batch.end(), held_.begin(), held_.end());
    held_.clear();
    for (Post& each : batch) {
        auto found =
            std::find_if(due.begin(), due.end(), [&](const Due& d) { return d.member == each.member; });
        if (found != due.end() && (found->orders & order_start) != 0) {
            held_.push_back(each);
            continue;
        }
        (void)!::getrandom(&each.event.random, sizeof each.event.random, GRND_NONBLOCK);
        const bool before = running();
        const Step next = guard::step(each.member->state, each.event, now, policy_);
        each.member->state = next.state;
        if (running() != before) turned(!before);
        if (found == due.end())
            due.push_back({each.member, next.orders});
        else
            found->orders |= next.orders;
    }
    return due;
}

Millis Lives::deadline() const {
    Millis first = -1;
    for (const Member& member : members_)
        if (const Millis at = member.state.deadline; at >= 0 && (first < 0 || at < first)) first = at;
    return first;
}

void Lives::post_due(Millis now) {
    for (Member& member : members_)
        if (member.state.deadline >= 0 && now >= member.state.deadline) post(member, {EventKind::deadline});
}

Member* Lives::member_of_leader(pid_t pid, Leader** leader) {
    for (Member& member : members_)
        if ((*leader = member.life.unreaped(pid)) != nullptr) return &member;
    return nullptr;
}

sys::Consumption& Lives::account_of(pid_t child) {
    if (!pool()) return members_[0].account.life;
    const pid_t session = ::getsid(child);  // a zombie has it, too
    for (Member& member : members_)
        if (member.life.unreaped(session)) return member.account.life;
    return others_;
}

sys::Consumption Lives::used() const {
    sys::Consumption out = others_;
    for (const Member& member : members_) out += member.account.all();
    return out;
}

namespace {

template <typename Test>
bool all(const std::vector<Member>& members, Test test) {
    return std::all_of(members.begin(), members.end(), [&](const Member& m) { return test(m.state); });
}

}  // namespace

bool Lives::running() const {
    return !all(members_, [](const State& s) { return s.phase != Phase::running; });
}

bool Lives::clearing() const {
    return !all(members_,
                [](const State& s) { return s.phase != Phase::stopping && s.phase != Phase::killing; });
}

bool Lives::over() const {
    return all(members_, [](const State& s) { return s.phase == Phase::ended; });
}

bool Lives::leaders_over() const {
    return all(members_, [](const State& s) {
        return s.leader_ended() && !s.restart_wanted && s.phase != Phase::backoff &&
               s.phase != Phase::starting;
    });
}

bool Lives::restarted() const {
    return all(members_, [](const State& s) {
        return s.phase == Phase::ended || (s.phase == Phase::running && !s.restart_wanted);
    });
}

bool Lives::not_executed() const {
    return all(members_,
               [](const State& s) { return s.phase == Phase::backoff && s.cause == Cause::not_executed; });
}

bool Lives::between_lives() const {
    return all(members_, [](const State& s) {
        return s.phase == Phase::starting || s.phase == Phase::backoff || s.restart_wanted;
    });
}

sys::ExitStatus Lives::status() const {
    sys::ExitStatus out;
    for (const Member& member : members_) {
        const sys::ExitStatus& its = member.state.status;
        if (its.known && (!out.known || out.success())) out = its;
    }
    return out;
}

Cause Lives::cause_of_end() const {
    if (ending_.cause != Cause::none) return ending_.cause;
    for (const Member& member : members_)
        if (member.state.cause != Cause::none) return member.state.cause;
    return Cause::none;
}

}  // namespace sigmund::guard
