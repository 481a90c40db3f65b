// SPDX-License-Identifier: Apache-2.0
#include "ops/stop.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "ops/channel.hpp"
#include "ops/members.hpp"
#include "run/verdict.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using sys::Millis;

constexpr Millis guardian_patience = 10'000;  // for what it does at once; after SIGKILL, for all to be gone

// One target on its way to its end.
struct Pending {
    StopOutcome* outcome;
    const run::Record* record;
    sys::Fd channel;  // to the guardian; empty: by hand
    sys::Fd unheard;  // to one that does not answer: until we leave, it finds the request there when it thaws
    // By hand: who is awaited, until when, and whether SIGKILL has been sent. Of a guardian: when to look who
    // it cannot end, and when to go on without it.
    std::vector<PinnedMember> awaited;
    Millis deadline = -1, patience_ends = -1;
    bool killing = false;
    bool unwritten = false;  // nobody lives, and the result is not known yet
    bool done = false;
};

std::vector<pid_t> read_pids(const std::string& words) {
    std::vector<pid_t> out;
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find(' ', at), words.size());
        if (const int pid = std::atoi(words.substr(at, end - at).c_str()); pid > 0) out.push_back(pid);
        at = end + 1;
    }
    return out;
}

Millis grace_of(const run::Record& record, const StopRequest& request) {
    return request.grace.value_or(record.stop_timeout.value_or(5'000));
}

int signal_of(const run::Record& record, const StopRequest& request) {
    if (request.signal != 0) return request.signal;
    return record.stop_signal != 0 ? record.stop_signal : SIGTERM;
}

std::string request_line(const run::Record& record, const StopRequest& request) {
    if (request.now) return "kill";
    return "stop " + sys::signal_name(signal_of(record, request)) + ' ' +
           std::to_string(grace_of(record, request)) + (request.reason.empty() ? "" : ' ' + request.reason);
}

class Stopper {
  public:
    Stopper(const run::Store& store, const StopRequest& request) : store_(store), request_(request) {}

    std::vector<StopOutcome> stop(const std::vector<run::Record>& records) {
        outcomes_.resize(records.size());
        began_ = sys::monotonic_ms();
        for (std::size_t i = 0; i < records.size(); ++i) begin(records[i], outcomes_[i]);
        say_hello();
        while (std::any_of(pending_.begin(), pending_.end(), [](const auto& p) { return !p.done; })) turn();
        return std::move(outcomes_);
    }

  private:
    void begin(const run::Record& record, StopOutcome& outcome) {
        outcome.record = record;
        const run::Verdict verdict = run::verdict_of(record, store_, census_);
        if (verdict.state == run::State::stale) {
            outcome.outcome = "refused";
            outcome.why = verdict.why;
            outcome.exit = Exit::refused;
            return;
        }
        // Of a run whose guardian has not said its last word, only the guardian knows that no other life
        // follows.
        const bool unwritten = verdict.guardian_alive && verdict.result == "pending";
        if (!verdict.live() && !unwritten) {
            outcome.outcome = "already-ended";
            return;
        }
        Pending p{};
        p.outcome = &outcome;
        p.record = &record;
        p.unwritten = unwritten;
        if (verdict.guardian_alive) {
            p.channel = sys::connect_socket(store_.dir(), store_.path(), (record.id + ".sock").c_str(),
                                            began_ + hello_patience - sys::monotonic_ms());
            // The request with it: one guardian that does not answer must not hold up the stop of the others.
            if (p.channel && (!send_request(p.channel.get(), "hello 1") ||
                              !send_request(p.channel.get(), request_line(record, request_))))
                p.channel.reset();
        }
        pending_.push_back(std::move(p));
    }

    // All guardians have 2 s together to answer; those that do not are frozen.
    void say_hello() {
        const Millis until = sys::monotonic_ms() + hello_patience;
        for (Pending& p : pending_) {
            if (p.channel) {
                const auto answer = next_line(p.channel.get(), until);
                if (!answer || !after(*answer, "hello")) {
                    sys::Fd frozen = std::exchange(p.channel, sys::Fd());
                    // Only the request tells of a time or a signal other than the run's own.
                    if (request_.grace || request_.signal != 0) p.unheard = std::move(frozen);
                }
                const Millis killed =
                    sys::monotonic_ms() + (request_.now ? 0 : grace_of(*p.record, request_));
                p.deadline = killed + 1'000;
                p.patience_ends = killed + guardian_patience;
            }
            if (!p.channel) by_hand(p);
        }
    }

    void by_hand(Pending& p) {
        const int signal = request_.now ? SIGKILL : signal_of(*p.record, request_);
        if (!p.unheard) leave_word(p);
        const SignalReport report = signal_members(*p.record, census_, signal, request_.now ? 0 : SIGCONT);
        p.outcome->signalled = report.reached;
        p.outcome->escaped = report.escaped;
        p.killing = request_.now;
        p.deadline = sys::monotonic_ms() + (request_.now ? 5'000 : grace_of(*p.record, request_));
        if (report.denied && report.reached.empty()) {
            p.outcome->outcome = "denied";
            p.outcome->why = "not permitted to signal its processes";
            p.outcome->exit = Exit::denied;
            if (p.unheard) leave_word(p);
            p.done = true;
            return;
        }
        p.awaited = pin_members(*p.record, census_);
        if (p.awaited.empty()) finish_by_hand(p);
    }

    // For a guardian that thaws when we have gone.
    void leave_word(Pending& p) { tell_guardian(*p.record, census_, request_.now ? SIGQUIT : SIGTERM); }

    void turn() {
        std::vector<pollfd> set;
        std::vector<Pending*> owner;
        Millis due = -1;
        for (Pending& p : pending_) {
            if (p.done) continue;
            if (due < 0 || p.deadline < due) due = p.deadline;
            if (p.channel) {
                set.push_back({p.channel.get(), POLLIN, 0});
                owner.push_back(&p);
                continue;
            }
            for (const PinnedMember& each : p.awaited) {
                set.push_back({each.pidfd.get(), POLLIN, 0});
                owner.push_back(&p);
            }
        }
        int pause = -1;
        if (due >= 0) pause = static_cast<int>(std::clamp<Millis>(due - sys::monotonic_ms(), 0, 1 << 30));
        ::poll(set.data(), set.size(), pause);
        const Millis now = sys::monotonic_ms();
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (set[i].revents == 0 || owner[i]->done) continue;
            if (owner[i]->channel)
                read_answer(*owner[i]);
            else
                drop_ended(*owner[i]);
        }
        for (Pending& p : pending_)
            if (!p.done && p.deadline >= 0 && now >= p.deadline)
                p.channel ? look_for_survivors(p) : time_is_up(p);
    }

    void read_answer(Pending& p) {
        const auto line = next_line(p.channel.get(), sys::monotonic_ms());
        if (!line) {
            // The guardian was killed under way: go on from the record.
            p.channel.reset();
            return by_hand(p);
        }
        StopOutcome& o = *p.outcome;
        if (const auto words = after(*line, "signalled"))
            o.signalled = read_pids(*words);
        else if (const auto exited = after(*line, "exited"))
            o.exited = read_pids(*exited);
        else if (const auto killed = after(*line, "killed"))
            o.killed = read_pids(*killed);
        else if (const auto more = after(*line, "unlisted"))
            o.unlisted = std::atoi(more->c_str());
        else if (const auto escaped = after(*line, "escaped"))
            o.escaped = std::atoi(escaped->c_str());
        else if (const auto word = after(*line, "outcome"))
            o.outcome = *word;
        else if (after(*line, "done")) {
            o.took_ms = sys::monotonic_ms() - began_;
            p.done = true;
        }
    }

    void drop_ended(Pending& p) {
        std::erase_if(p.awaited, [&](const PinnedMember& each) {
            if (!sys::has_ended(each.pidfd.get())) return false;
            (p.killing ? p.outcome->killed : p.outcome->exited).push_back(each.member.pid);
            return true;
        });
        if (!p.awaited.empty()) return;
        // Whoever was born or found meanwhile: while killing, it is killed too; else it is awaited like the
        // others.
        if (p.killing) signal_members(*p.record, census_, SIGKILL);
        p.awaited = pin_members(*p.record, census_);
        if (p.awaited.empty()) finish_by_hand(p);
    }

    void time_is_up(Pending& p) {
        if (!p.killing) {
            p.killing = true;
            p.deadline = sys::monotonic_ms() + 5'000;
            tell_guardian(*p.record, census_, SIGQUIT);
            const SignalReport report = signal_members(*p.record, census_, SIGKILL);
            if (p.outcome->signalled.empty()) p.outcome->signalled = report.reached;
            return drop_ended(p);
        }
        give_up(p);
    }

    // The guardian should have sent SIGKILL by now, and waits for their end, however long: of those that
    // another user owns (sudo), or that hang in the kernel, this need not come.
    void look_for_survivors(Pending& p) {
        p.deadline = sys::monotonic_ms() + 1'000;
        p.awaited = pin_members(*p.record, census_);
        const bool foreign =
            !p.awaited.empty() && std::all_of(p.awaited.begin(), p.awaited.end(), not_ours_to_signal);
        if (foreign) return give_up(p);
        if (sys::monotonic_ms() < p.patience_ends) return;
        // It may be frozen since it said hello, and have sent nothing.
        p.channel.reset();
        time_is_up(p);
    }

    static bool not_ours_to_signal(const PinnedMember& each) {
        return sys::send_signal(each.pidfd.get(), 0) == EPERM;
    }

    void give_up(Pending& p) {
        StopOutcome& o = *p.outcome;
        for (const PinnedMember& each : p.awaited) o.survivors.push_back(each.member.pid);
        o.outcome = "survivors";
        const std::string count = std::to_string(o.survivors.size());
        o.why = std::all_of(p.awaited.begin(), p.awaited.end(), not_ours_to_signal)
                    ? "not permitted to signal " + count + " of its processes"
                    : count + " of its processes survive SIGKILL";
        o.exit = Exit::remaining;
        o.took_ms = sys::monotonic_ms() - began_;
        p.done = true;
    }

    void finish_by_hand(Pending& p) {
        if (p.unheard) leave_word(p);
        StopOutcome& o = *p.outcome;
        p.done = true;
        o.took_ms = sys::monotonic_ms() - began_;
        o.outcome = !o.killed.empty()                    ? "killed"
                    : p.unwritten && o.signalled.empty() ? "already-ended"
                                                         : "stopped";
        o.exited.clear();  // some had ended before they could be awaited
        for (const pid_t pid : o.signalled)
            if (std::find(o.killed.begin(), o.killed.end(), pid) == o.killed.end()) o.exited.push_back(pid);
        write_result(*p.record, request_.now ? "killed" : "stopped");
    }

    // Without a guardian whoever takes the lock may write: the run was ended by us, its exit status is
    // unknown.
    void write_result(const run::Record& record, const char* result) {
        if (record.version < run::record_version) return;
        const sys::Fd lock = store_.try_lock_id(record.id, false);
        run::Record now;
        if (!lock || store_.load(record.id, run::Depth::full, now) != run::Read::ok ||
            run::is_final(now.state))
            return;
        now.state = run::State::exited;
        now.result = result;
        run::note_call(now, result == std::string_view("killed") ? "kill" : "stop", ::getpid(), ::getuid());
        now.ended_by = request_.now ? "kill" : request_.reason.empty() ? "stop" : request_.reason;
        now.ended_ms = sys::realtime_ms();
        store_.save(now, sys::Durable::no);
        ::unlinkat(store_.dir(), (record.id + ".sock").c_str(), 0);
        if (now.shell.empty()) return;
        const std::string folder = "shells/" + now.shell + '/';
        ::renameat(store_.dir(), (folder + "run." + now.id).c_str(), store_.dir(),
                   (folder + "done." + now.id).c_str());
    }

    const run::Store& store_;
    const StopRequest& request_;
    run::Census census_;
    std::vector<StopOutcome> outcomes_;
    std::vector<Pending> pending_;
    Millis began_ = 0;
};

}  // namespace

std::vector<StopOutcome> stop(const run::Store& store, const std::vector<run::Record>& records,
                              const StopRequest& request) {
    return Stopper(store, request).stop(records);
}

void kill_members(const run::Record& record) {
    run::Census census;
    const Millis until = sys::monotonic_ms() + 5'000;
    while (sys::monotonic_ms() < until) {
        signal_members(record, census, SIGKILL);
        const auto left = pin_members(record, census);
        if (left.empty()) return;
        pollfd p{left[0].pidfd.get(), POLLIN, 0};
        ::poll(&p, 1, 100);
    }
}

DeedOutcome perform(const run::Store& store, const run::Record& record, Deed deed, int signal,
                    const std::string& reach, std::optional<Millis> grace) {
    DeedOutcome out;
    run::Census census;
    const run::Verdict verdict = run::verdict_of(record, store, census);
    if (verdict.state == run::State::stale) return {"refused", verdict.why, Exit::refused, 0, 0};
    if (!verdict.live()) return {"not-running", "it has ended", Exit::usage, 0, 0};
    sys::Fd channel;
    if (verdict.guardian_alive) channel = reach_guardian(store, record.id);
    if (!channel) {
        if (deed == Deed::restart) return {"no-guardian", "its guardian is gone", Exit::usage, 0, 0};
        const int number = deed == Deed::pause ? SIGSTOP : deed == Deed::resume ? SIGCONT : signal;
        const auto report = signal_members(record, census, number, 0, deed == Deed::signal ? reach : "every");
        out.reached = static_cast<int>(report.reached.size());
        if (report.denied)
            return {"denied", "not permitted to signal its processes", Exit::denied, out.reached, 0};
        out.outcome = "done";
        return out;
    }
    std::string line;
    Millis deadline = sys::monotonic_ms() + guardian_patience;
    switch (deed) {
        case Deed::signal:
            line = "signal " + sys::signal_name(signal) + ' ' + reach;
            break;
        case Deed::pause:
            line = "pause";
            break;
        case Deed::resume:
            line = "resume";
            break;
        case Deed::restart:
            line = "restart " + std::to_string(grace.value_or(record.stop_timeout.value_or(5'000)));
            deadline += grace.value_or(record.stop_timeout.value_or(5'000)) + 2 * guardian_patience;
            break;
    }
    std::string rest, ended;
    const int code = converse(
        channel.get(), line, deadline,
        [&](const std::string& answer) {
            if (const auto reached = after(answer, "reached")) out.reached = std::atoi(reached->c_str());
            if (const auto pid = after(answer, "pid")) out.pid = std::atoi(pid->c_str());
            if (const auto result = after(answer, "outcome")) ended = *result;
        },
        &rest);
    if (code == 0 && ended.empty()) {
        out.outcome = "done";
        return out;
    }
    out.outcome = "failed";
    out.exit = Exit::usage;
    const bool late = code < 0 && sys::monotonic_ms() >= deadline;
    out.why = late && deed == Deed::restart
                  ? "its processes have not ended yet; it starts again when they have"
              : late         ? "its guardian does not answer"
              : code < 0     ? "its guardian went away"
              : rest.empty() ? "it ended: " + ended
                             : rest;
    return out;
}

}  // namespace sigmund::ops
