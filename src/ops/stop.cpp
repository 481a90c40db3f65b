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
#include "ops/usage.hpp"
#include "run/verdict.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using sys::Millis;

constexpr char suspects_word[] =
    "its guardian had been killed, and these processes may be of it, which cannot be proven: ";
constexpr Millis guardian_patience = 10'000;  // for what it does at once; after SIGKILL, for all to be gone

// One target on its way to its end.
struct Pending {
    StopOutcome* outcome;
    const run::Record* record;
    sys::Fd channel;  // to the guardian; empty: the run is ended without it
    sys::Fd unheard;  // to one that does not answer: until we leave, it finds the request there when it thaws
    std::optional<Roster> roster;
    // Without a guardian: until when its processes are awaited, and whether SIGKILL has been sent. With one:
    // when to look which it cannot end, and when to continue without it.
    Millis deadline = -1, patience_ends = -1;
    Millis forks_until = -1;  // it forks as it is killed: when to give up
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
           std::to_string(grace_of(record, request)) +
           (request.reason == run::EndedBy::stop ? "" : ' ' + request.reason.str());
}

class Stopper {
  public:
    Stopper(const run::Store& store, const StopRequest& request) : store_(store), request_(request) {}

    std::vector<StopOutcome> stop(const std::vector<run::Record>& records) {
        const MoreDescriptors more;
        outcomes_.resize(records.size());
        // Two descriptors for each at least; the runs that find none are stopped after the others.
        for (std::size_t at = 0; at < records.size();) {
            const std::size_t end =
                std::min(records.size(), at + std::max<std::size_t>(1, descriptors_left() / 2));
            pending_.clear();
            began_ = sys::monotonic_ms();
            for (; at < end; ++at) begin(records[at], outcomes_[at]);
            say_hello();
            while (std::any_of(pending_.begin(), pending_.end(), [](const auto& p) { return !p.done; }))
                turn();
        }
        return std::move(outcomes_);
    }

  private:
    void begin(const run::Record& record, StopOutcome& outcome) {
        outcome.record = record;
        const run::Verdict verdict = run::verdict_of(record, store_, census_);
        if (verdict.state == run::State::stale) {
            outcome.outcome = run::Outcome::refused;
            outcome.why = verdict.why;
            if (verdict.guardian_alive)
                outcome.hint = "its guardian lives: stop it from where it was started";
            outcome.exit = Exit::refused;
            return;
        }
        // Of a run whose guardian has not said its last word, only the guardian knows that no other life
        // follows.
        const bool unwritten = verdict.guardian_alive && verdict.result == run::Result::pending;
        Pending p{};
        // A tree that forks and exits can be missed by the one look that a verdict takes.
        bool found = false;
        if (verdict.state == run::State::lost) {
            p.roster.emplace(record, census_);
            found = p.roster->look();
        }
        if (!verdict.live() && !unwritten && !found) {
            outcome.outcome = run::Outcome::already_ended;
            if (p.roster) name_suspects(outcome, *p.roster);
            return;
        }
        p.outcome = &outcome;
        p.record = &record;
        p.unwritten = unwritten;
        if (verdict.guardian_alive) {
            p.channel = sys::connect_socket(store_.dir(), store_.path(), (record.id + ".sock").c_str(),
                                            began_ + hello_patience - sys::monotonic_ms(), store_.owner());
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
            if (p.channel)
                signal_foreign(p);
            else
                without_guardian(p);
        }
    }

    // What the guardian may not signal, root can: processes of the run that have become root's.
    void signal_foreign(Pending& p) {
        if (!store_.foreign()) return;
        p.roster.emplace(*p.record, census_);
        p.roster->look();
        const int signal = request_.now ? SIGKILL : signal_of(*p.record, request_);
        for (Pinned& each : p.roster->all()) {
            const auto users = census_.proc().users(each.member.pid);
            if (!users || (*users)[0] == store_.owner() || (*users)[2] == store_.owner()) continue;
            if (p.roster->send(each, signal, request_.now ? 0 : SIGCONT) == 0) each.signalled = true;
        }
    }

    void without_guardian(Pending& p) {
        if (!p.unheard) leave_word(p);
        if (!p.roster) p.roster.emplace(*p.record, census_);
        p.killing = request_.now;
        p.deadline = sys::monotonic_ms() + (request_.now ? 5'000 : grace_of(*p.record, request_));
        if (request_.now) {
            kill_all(p);
        } else {
            // All are pinned before any is signalled: one that loses its parent is then known already.
            p.roster->look();
            signal_newcomers(p);
        }
        for (const Pinned& each : p.roster->all())
            if (!own_group(*p.record, each.member.pgrp)) ++p.outcome->escaped;
        const auto& all = p.roster->all();
        const bool denied =
            std::any_of(all.begin(), all.end(), [](const Pinned& each) { return each.denied; });
        if (denied && p.outcome->signalled.empty()) {
            p.outcome->outcome = run::Outcome::denied;
            p.outcome->why = "not permitted to signal its processes";
            p.outcome->hint = kill_command(all);
            p.outcome->exit = Exit::denied;
            if (p.unheard) leave_word(p);
            p.done = true;
            return;
        }
        if (p.roster->empty()) finish_without_guardian(p);
    }

    // The stop signal, once to each, in passes until a look finds none that has not got it.
    void signal_newcomers(Pending& p) {
        const int signal = signal_of(*p.record, request_);
        for (int pass = 0; pass < 16; ++pass) {
            bool sent = false;
            for (Pinned& each : p.roster->all()) {
                if (each.signalled || each.denied) continue;
                if (p.roster->send(each, signal, SIGCONT) != 0) continue;
                each.signalled = sent = true;
                p.outcome->signalled.push_back(each.member.pid);
            }
            if (!sent || !p.roster->look()) break;
        }
    }

    void kill_all(Pending& p) {
        p.roster->kill();
        for (const Pinned& each : p.roster->all()) {
            auto& told = p.outcome->signalled;
            if (each.killed && std::find(told.begin(), told.end(), each.member.pid) == told.end())
                told.push_back(each.member.pid);
        }
    }

    // For a guardian that thaws when we have gone, in each way that may reach it: a signal needs its identity
    // proven, the note needs a store that can be written, and a request its socket.
    void leave_word(Pending& p) {
        const run::Record& record = *p.record;
        if (!store_.id_locked(record.id)) return;
        // The word first: the signal is then known as this stop's.
        store_.leave_word(record.id, request_.now ? run::EndedBy::kill : run::EndedBy::stop);
        tell_guardian(record, census_, request_.now ? SIGQUIT : SIGTERM);
        const sys::Fd request = sys::connect_socket(store_.dir(), store_.path(),
                                                    (record.id + ".sock").c_str(), 1, store_.owner());
        if (request) send_request(request.get(), request_line(record, request_));
    }

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
            for (const Pinned& each : p.roster->all()) {
                if (!each.pidfd) continue;
                set.push_back({each.pidfd.get(), POLLIN, 0});
                owner.push_back(&p);
            }
            // For some there is no descriptor left: they are looked at again soon.
            if (!p.roster->held() && (due < 0 || due > sys::monotonic_ms() + 50))
                due = sys::monotonic_ms() + 50;
        }
        int pause = -1;
        if (due >= 0) pause = static_cast<int>(std::clamp<Millis>(due - sys::monotonic_ms(), 0, 1 << 30));
        ::poll(set.data(), set.size(), pause);
        const Millis now = sys::monotonic_ms();
        Pending* last = nullptr;
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (set[i].revents == 0 || owner[i]->done || owner[i] == last) continue;
            last = owner[i];  // what follows may change what is watched: once a turn
            if (last->channel)
                read_answer(*last);
            else
                drop_ended(*last);
        }
        for (Pending& p : pending_) {
            if (p.done) continue;
            if (!p.channel && !p.roster->held()) drop_ended(p);
            if (p.done || p.deadline < 0 || now < p.deadline) continue;
            p.channel ? look_for_survivors(p) : time_is_up(p);
        }
    }

    void read_answer(Pending& p) {
        const auto line = next_line(p.channel.get(), sys::monotonic_ms());
        if (!line) {
            p.channel.reset();
            if (finished_by_guardian(p)) return;
            // It was killed during the stop: the record tells of the rest.
            return without_guardian(p);
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
            o.outcome = run::Outcome(*word);
        else if (after(*line, "done")) {
            o.took_ms = sys::monotonic_ms() - began_;
            p.done = true;
        }
    }

    // Whether it hung up because it had written down the end, and could not say so.
    bool finished_by_guardian(Pending& p) {
        run::Record now;
        if (store_.load(p.record->id, run::Depth::full, now) != run::Read::ok || !run::is_final(now.state))
            return false;
        p.outcome->outcome = now.result == run::Result::killed ? run::Outcome::killed : run::Outcome::stopped;
        p.outcome->took_ms = sys::monotonic_ms() - began_;
        return p.done = true;
    }

    void drop_ended(Pending& p) {
        bool ended = false;
        p.roster->drop_ended([&](const Pinned& each) {
            (each.killed ? p.outcome->killed : p.outcome->exited).push_back(each.member.pid);
            ended = true;
        });
        if (!ended && !p.roster->empty()) return;
        if (p.forks_until >= 0 && sys::monotonic_ms() >= p.forks_until) {
            if (!p.roster->empty() || !p.roster->settled()) return give_up(p);
        }
        // Those that were started meanwhile: while killing, they are killed too; else they get the stop
        // signal.
        if (p.roster->look()) {
            if (p.killing)
                kill_all(p);
            else
                signal_newcomers(p);
        }
        if (p.roster->empty()) finish_without_guardian(p);
    }

    void time_is_up(Pending& p) {
        if (p.killing) return give_up(p);
        p.killing = true;
        p.deadline = sys::monotonic_ms() + 5'000;
        if (store_.id_locked(p.record->id)) tell_guardian(*p.record, census_, SIGQUIT);
        kill_all(p);
        drop_ended(p);
    }

    // The guardian should have sent SIGKILL by now, and waits for their end, however long: of those that
    // another user owns (sudo), or that hang in the kernel, this need not come.
    void look_for_survivors(Pending& p) {
        p.deadline = sys::monotonic_ms() + 1'000;
        if (!p.roster) p.roster.emplace(*p.record, census_);
        p.roster->drop_ended([](const Pinned&) {});
        p.roster->look();
        for (Pinned& each : p.roster->all()) {
            // Root does for the guardian what that may not do.
            if (p.roster->send(each, store_.foreign() ? SIGKILL : 0) == 0) each.killed = store_.foreign();
        }
        const auto& all = p.roster->all();
        if (!all.empty() &&
            std::all_of(all.begin(), all.end(), [](const Pinned& each) { return each.denied; }))
            return give_up(p);
        if (sys::monotonic_ms() < p.patience_ends) return;
        // It may be frozen since it said hello, and have sent nothing.
        p.channel.reset();
        leave_word(p);
        time_is_up(p);
    }

    static std::string kill_command(const std::vector<Pinned>& all) {
        std::vector<pid_t> denied;
        for (const Pinned& each : all)
            if (each.denied) denied.push_back(each.member.pid);
        return sudo_kill(denied);
    }

    void give_up(Pending& p) {
        if (p.roster->empty()) return give_up_forking(p);
        StopOutcome& o = *p.outcome;
        const auto& all = p.roster->all();
        std::size_t denied = 0, killed = 0;
        for (const Pinned& each : all) {
            o.survivors.push_back(each.member.pid);
            denied += each.denied ? 1 : 0;
            killed += each.killed ? 1 : 0;
        }
        o.outcome = run::Outcome::survivors;
        if (denied > 0) {
            o.why = "not permitted to signal " + std::to_string(denied) + " of its processes";
            o.hint = kill_command(all);
        }
        if (denied < all.size())
            o.why += (o.why.empty() ? "" : "; ") + std::to_string(all.size() - denied) +
                     " of its processes " +
                     (killed == all.size() - denied ? "survive SIGKILL" : "have not ended");
        o.exit = Exit::remaining;
        o.took_ms = sys::monotonic_ms() - began_;
        p.done = true;
    }

    void give_up_forking(Pending& p) {
        p.outcome->outcome = run::Outcome::survivors;
        p.outcome->why = "it starts processes faster than they can be found without its guardian";
        p.outcome->exit = Exit::remaining;
        p.outcome->took_ms = sys::monotonic_ms() - began_;
        p.done = true;
    }

    void finish_without_guardian(Pending& p) {
        // While processes are being started, a look may have missed those of a tree that forks and exits:
        // what is found is stopped at once from here on, and killed, for five seconds at most.
        const bool over = p.forks_until >= 0 && sys::monotonic_ms() >= p.forks_until;
        if (over && !p.roster->settled()) return give_up_forking(p);
        if (p.forks_until < 0) p.forks_until = sys::monotonic_ms() + 5'000;
        for (int attempt = 0; attempt < 3 && !over && !p.roster->settled(); ++attempt) {
            kill_all(p);
            if (p.roster->empty()) continue;
            p.killing = true;
            p.deadline = p.forks_until;
            return;
        }
        // A frozen guardian adopts whatever loses its parent, so that no process can have gone unseen.
        const bool complete = census_.guardian_proven(*p.record);
        leave_word(p);
        StopOutcome& o = *p.outcome;
        p.done = true;
        o.took_ms = sys::monotonic_ms() - began_;
        o.outcome = !o.killed.empty()                    ? run::Outcome::killed
                    : p.unwritten && o.signalled.empty() ? run::Outcome::already_ended
                                                         : run::Outcome::stopped;
        if (!complete) name_suspects(o, *p.roster);
        // With suspects the run stays lost, so that the next stop tells of them again.
        if (o.suspects.empty()) write_result(*p.record);
    }

    void name_suspects(StopOutcome& o, Roster& roster) {
        o.suspects =
            find_suspects(o.record, census_, roster, store_.present() ? store_.owner() : ::geteuid());
        if (o.suspects.empty()) return;
        o.why = std::string(suspects_word) + told(o.suspects);
        o.exit = Exit::remaining;
    }

    // Without a guardian whoever takes the lock may write: the run was ended by us, its exit status is
    // unknown.
    void write_result(const run::Record& record) {
        if (record.version < run::record_version) return;
        const sys::Fd lock = store_.try_lock_id(record.id, false);
        run::Record now;
        if (!lock || store_.load(record.id, run::Depth::full, now) != run::Read::ok ||
            run::is_final(now.state))
            return;
        now.state = run::State::exited;
        now.result = request_.now ? run::Result::killed : run::Result::stopped;
        run::note_call(now, request_.now ? "kill" : "stop", ::getpid(), ::getuid());
        now.ended_by = request_.now ? run::EndedBy::kill : request_.reason;
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
    Roster roster(record, census);
    const Millis until = sys::monotonic_ms() + 5'000;
    while (sys::monotonic_ms() < until) {
        roster.kill();
        roster.drop_ended([](const Pinned&) {});
        if (roster.empty() && !roster.look()) return;
        for (const Pinned& each : roster.all()) {
            pollfd p{each.pidfd.get(), POLLIN, 0};
            if (each.pidfd) ::poll(&p, 1, 100);
        }
    }
}

DeedOutcome perform(const run::Store& store, const run::Record& record, Deed deed, int signal,
                    run::Reach reach, std::optional<Millis> grace) {
    DeedOutcome out;
    run::Census census;
    const run::Verdict verdict = run::verdict_of(record, store, census);
    if (verdict.state == run::State::stale)
        return {run::Outcome::refused, verdict.why, Exit::refused, 0, 0, {}};
    if (!verdict.live()) return {run::Outcome::not_running, "it has ended", Exit::usage, 0, 0, {}};
    sys::Fd channel;
    if (verdict.guardian_alive) channel = reach_guardian(store, record.id);
    if (!channel) {
        if (deed == Deed::restart)
            return {run::Outcome::no_guardian, "its guardian is gone", Exit::usage, 0, 0, {}};
        const int number = deed == Deed::pause ? SIGSTOP : deed == Deed::resume ? SIGCONT : signal;
        const run::Reach to = deed == Deed::signal ? reach : run::Reach::every;
        const MoreDescriptors more;
        Roster roster(record, census);
        const auto report = signal_members(roster, record, number, to);
        out.reached = static_cast<int>(report.reached.size());
        if (report.denied)
            return {run::Outcome::denied,
                    "not permitted to signal its processes",
                    Exit::denied,
                    out.reached,
                    0,
                    {}};
        out.outcome = run::Outcome::done;
        if (to == run::Reach::every && !census.guardian_proven(record)) {
            out.suspects = find_suspects(record, census, roster, store.owner());
            if (!out.suspects.empty()) {
                out.why = std::string(suspects_word) + told(out.suspects);
                out.exit = Exit::remaining;
            }
        }
        return out;
    }
    std::string line;
    Millis deadline = sys::monotonic_ms() + guardian_patience;
    switch (deed) {
        case Deed::signal:
            line = "signal " + sys::signal_name(signal) + ' ' +
                   std::string(text::word_of(run::reach_words, reach));
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
    bool unheard = false;  // a signal that no process got, as between two lives
    const int code = converse(
        channel.get(), line, deadline,
        [&](const std::string& answer) {
            if (const auto reached = after(answer, "reached")) {
                out.reached = std::atoi(reached->c_str());
                unheard = out.reached == 0;
            }
            if (const auto pid = after(answer, "pid")) out.pid = std::atoi(pid->c_str());
            if (const auto result = after(answer, "outcome")) ended = *result;
        },
        &rest);
    if (code == 0 && ended.empty() && !unheard) {
        out.outcome = run::Outcome::done;
        return out;
    }
    if (unheard) {
        const bool waits = verdict.state == run::State::backoff || verdict.state == run::State::watching;
        out.why = waits ? "no process of it runs now; it waits to be started again"
                        : "none of its processes got the signal: they have ended, or belong to another user "
                          "(sudo, setuid)";
        return {run::Outcome::failed, out.why, Exit::usage, 0, 0, {}};
    }
    out.outcome = run::Outcome::failed;
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
