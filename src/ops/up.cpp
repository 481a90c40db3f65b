// SPDX-License-Identifier: Apache-2.0
#include "ops/up.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "ops/down.hpp"
#include "ops/launch.hpp"
#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
#include "run/label.hpp"
#include "run/project_gate.hpp"
#include "sys/clock.hpp"
#include "sys/procfs.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

bool settled(Phase phase) {
    return phase != Phase::waiting && phase != Phase::starting;
}
bool satisfied(Phase phase) {
    return phase == Phase::ready || phase == Phase::running || phase == Phase::done ||
           phase == Phase::done_before;
}
bool lost(Phase phase) {
    return phase == Phase::failed || phase == Phase::skipped || phase == Phase::cancelled;
}

// Returns this process as PID.START.
std::string this_process() {
    const auto stat = sys::Procfs().stat(::getpid());
    return std::to_string(::getpid()) + '.' + std::to_string(stat ? stat->start_ticks : 0);
}

class Bringer {
  public:
    Bringer(const run::Store& store, UpRequest request, const UpObserver& observer)
        : store_(store),
          request_(std::move(request)),
          observer_(observer),
          gate_(store, request_.project),
          view_(run::View::of(store)),
          watches_(request_.tasks.size()) {
        out_.states.resize(request_.tasks.size());
    }

    UpOutcome run() {
        request_.self = this_process();
        gate_.begin_work(request_.interrupt,
                         [&] { observer_.message("waiting for the end of a sigmund down of this project"); });
        request_.began = sys::realtime_ms();
        looks_ = look_at(view_, request_);
        if (!interrupted()) end_changed();
        for (std::size_t i = 0; i < looks_.size(); ++i)
            if (request_.tasks[i].chosen && state(i).phase == Phase::unused) state(i).phase = Phase::waiting;
        (void)interrupted();
        while (!all_settled())
            if (start_what_can() && !all_settled()) turn();
        if (!out_.interrupted && !out_.closed) note_failed();
        return std::move(out_);
    }

  private:
    struct Watch {
        EndWatch end;
        run::Until until;
        bool again = false;  // the run is being stopped: the task is started once it is gone
    };

    UpState& state(std::size_t i) { return out_.states[i]; }
    const UpTask& task(std::size_t i) const { return request_.tasks[i]; }
    bool all_settled() const {
        return std::all_of(out_.states.begin(), out_.states.end(),
                           [](const UpState& each) { return settled(each.phase); });
    }

    void change(std::size_t i, Phase phase, std::string detail = {}) {
        UpState& now = state(i);
        if (now.phase == phase && now.detail == detail) return;
        now.phase = phase;
        now.detail = std::move(detail);
        observer_.changed(i, now);
    }

    void fail(std::size_t i, const Failure& failure) {
        state(i).failure = failure;
        state(i).exit = static_cast<int>(failure.exit);
        change(i, Phase::failed, failure.what());
        if (request_.abort) cancel("");
    }

    // Nothing more is started. What has been started is waited for no longer.
    void cancel(const std::string& why) {
        for (std::size_t i = 0; i < watches_.size(); ++i) {
            if (state(i).phase == Phase::waiting) change(i, Phase::cancelled, why);
            if (state(i).phase == Phase::starting) {
                watches_[i].reset();
                state(i).took = sys::monotonic_ms() - state(i).took;
                change(i, Phase::cancelled, "it is not ready yet");
            }
        }
    }

    // Stops the runs that have to be restarted, those that depend on others first.
    void end_changed() {
        std::vector<std::size_t> which;
        for (std::size_t i = looks_.size(); i-- > 0;)
            if (looks_[i].act == UpLook::Act::restart) which.push_back(i);
        for (const UpLook& look : looks_)
            if (look.act == UpLook::Act::keep)
                for (const std::string& difference : look.differences)
                    observer_.message(label(look.live->record) +
                                      " keeps running, although its template has changed: " + difference);
        if (which.empty()) return;
        std::vector<run::Judged> runs;
        for (const std::size_t each : which) runs.push_back(*looks_[each].live);
        for (auto each = which.rbegin(); each != which.rend(); ++each) {  // a cause before its effects
            const UpLook& look = looks_[*each];
            const std::string name = label(look.live->record);
            for (const std::string& difference : look.differences)
                observer_.message(name + " is restarted, since its template has changed: " + difference);
            if (look.differences.empty() && !look.because.empty())
                observer_.message(name + " is restarted, since it depends on " + look.because);
        }
        const auto outcomes =
            stop_in_order(view_, runs, dependents_of(runs), {.reason = run::EndedBy::replace});
        for (const StopOutcome& each : outcomes) forget_notice(store_, each.record);
        for (std::size_t at = 0; at < which.size(); ++at)
            if (outcomes[at].exit != Exit::done)
                fail(which[at],
                     Failure(outcomes[at].exit, "survivors",
                             "could not stop " + label(runs[at].record) + ": " + outcomes[at].why));
    }

    // Returns false when it has to be called again, since a task that had been ready has failed meanwhile.
    bool start_what_can() {
        bool complete = true;
        for (std::size_t i = 0; i < out_.states.size(); ++i) {
            if (state(i).phase != Phase::waiting || watches_[i]) continue;
            std::string waits_for;
            bool hopeless = false;
            for (const std::size_t other : task(i).depends) {
                if (lost(state(other).phase)) {
                    hopeless = true;
                    change(i, state(other).phase == Phase::cancelled ? Phase::cancelled : Phase::skipped,
                           task(other).name +
                               (state(other).phase == Phase::failed ? " failed" : " did not start"));
                    break;
                }
                if (!satisfied(state(other).phase))
                    waits_for += (waits_for.empty() ? "" : ", ") + task(other).name;
            }
            if (hopeless) continue;
            if (waits_for.empty()) {
                begin(i);
                complete = complete && (state(i).phase != Phase::waiting || watches_[i]);
            } else {
                change(i, Phase::waiting, waits_for);
            }
        }
        return complete;
    }

    // A service without a readiness probe may have failed while others were waited for.
    void note_failed() {
        view_.census().refresh();
        for (std::size_t i = 0; i < out_.states.size(); ++i) {
            UpState& each = state(i);
            if (each.phase != Phase::ready || !each.started || each.record.ready) continue;
            const auto now = view_.find(each.record.id);
            if (!now || now->live() || !now->record.status.known || now->record.status.success() ||
                now->record.ended_by != run::EndedBy::itself)
                continue;
            each.record = now->record;
            each.exit = now->record.status.shell_code();
            change(i, Phase::failed, "it has ended since it was started: " + now->verdict.result.str());
        }
    }

    bool interrupted() {
        pollfd stop{request_.interrupt, POLLIN, 0};
        if (::poll(&stop, 1, 0) <= 0) return false;
        out_.interrupted = true;
        cancel("");
        return true;
    }

    void begin(std::size_t i) {
        try {
            const sys::Fd pass = pass_gate(i);
            if (interrupted() || !pass) return;
            if (gate_.closed()) {
                out_.closed = true;
                cancel("sigmund down was called");
                return;
            }
            if (!dependencies_live(i)) return;
            if (auto live = live_run(store_, scoped_name(request_, i))) return join(i, std::move(*live));
            if (task(i).from.once && !step_runs(i)) return;
            start(i);
        } catch (const Failure& failure) {
            fail(i, failure);
        } catch (const std::system_error& error) {
            fail(i, Failure(Exit::not_started, "not_started", error.what()));
        }
    }

    // Another process that keeps the gate for too long would keep each of the others waiting as long.
    sys::Fd pass_gate(std::size_t i) {
        try {
            return gate_.lock(request_.interrupt);
        } catch (const Failure& failure) {
            fail(i, failure);
            cancel("");
            return {};
        }
    }

    // What a task depends on, over steps, too, may have ended since it was ready: returns whether all of it lives. What
    // this call has started has failed then; what ran already is started again, and with it the steps between.
    bool dependencies_live(std::size_t i) {
        bool all = true;
        for (const std::size_t other : task(i).depends) {
            if (!satisfied(state(other).phase)) {
                all = false;
            } else if (task(other).from.once) {
                if (dependencies_live(other)) continue;
                looks_[other].act = UpLook::Act::run_step;
                change(other, Phase::waiting);
                all = false;
            } else {
                all = lives(other) && all;
            }
        }
        return all;
    }

    bool lives(std::size_t i) {
        if (state(i).record.id.empty()) return true;
        view_.census().refresh();
        const auto now = view_.find(state(i).record.id);
        if (now && now->live()) return true;
        if (!state(i).started) {
            change(i, Phase::waiting);
            return false;
        }
        if (now) state(i).record = now->record;
        const std::string result = now ? now->verdict.result.str() : "";
        fail(i, Failure(Exit::usage, "failed",
                        "it has ended since it was ready" + (result.empty() ? "" : ": " + result),
                        now && now->verdict.result == run::Result::of(sys::ExitStatus::exited(0))
                            ? "once = true makes it a step, which may end"
                            : ""));
        return false;
    }

    // Returns whether a step has to run now. Another `up` may have run it meanwhile.
    bool step_runs(std::size_t i) {
        const UpLook& look = looks_[i];
        if (look.act == UpLook::Act::skip_step) {
            state(i).record = *look.last;
            change(i, Phase::done_before);
            return false;
        }
        run::Record newest;
        for (run::Record& head : store_.list(run::Depth::head))
            if (head.name == task(i).name && head.project == request_.project && run::is_final(head.state) &&
                head.started_ms >= newest.started_ms)
                newest = std::move(head);
        if (newest.id.empty() || store_.load(newest.id, run::Depth::full, newest) != run::Read::ok)
            return true;
        const bool of_now = newest.started_ms >= request_.began || gate_.is_at_work(newest.from.up);
        if (newest.from.up == request_.self || newest.from.name.empty()) return true;
        if (!of_now) {
            // Another `up` may have started since what this step was needed for.
            if (task(i).named || !step_counts(task(i), newest) || has_waiting_dependents(i)) return true;
            state(i).record = newest;
            change(i, Phase::done_before);
            return false;
        }
        state(i).record = newest;
        if (was_done(newest))
            change(i, Phase::done);
        else
            fail(i, Failure(Exit::usage, "failed", "it failed: " + newest.result.str()));
        return false;
    }

    bool has_waiting_dependents(std::size_t i) {
        for (std::size_t j = i + 1; j < looks_.size(); ++j) {
            const auto& depends = task(j).depends;
            if (state(j).phase != Phase::waiting ||
                std::find(depends.begin(), depends.end(), i) == depends.end())
                continue;
            const auto live = live_run(store_, scoped_name(request_, j));
            if (!live || live->verdict.state == run::State::stopping) return true;
        }
        return false;
    }

    void start(std::size_t i) {
        auto [spec, port_lock] = task(i).begin();
        spec.from = task(i).from;
        spec.from.up = request_.self;
        const bool waits = !spec.ready.empty() || spec.from.once;
        const sys::Millis began = sys::monotonic_ms();
        state(i).took = began;
        state(i).record = launch({std::move(spec), false, true, std::move(port_lock)});
        state(i).started = true;
        state(i).record = as_written(store_, state(i).record);
        if (!waits) {
            state(i).took = sys::monotonic_ms() - began;
            return change(i, Phase::ready);
        }
        watch(i, task(i).from.once ? run::Until::leader : run::Until::ready);
        change(i, Phase::starting);
    }

    // The run lives already.
    void join(std::size_t i, run::Judged live) {
        state(i).record = live.record;
        state(i).took = sys::monotonic_ms();
        if (live.verdict.state == run::State::stopping) {
            watch(i, run::Until::gone);
            watches_[i]->again = true;
            return change(i, Phase::waiting, label(live.record) + ", which is being stopped");
        }
        if (task(i).from.once) {
            watch(i, run::Until::leader);
            return change(i, Phase::starting);
        }
        if (!live.record.ready || *live.record.ready) return change(i, Phase::running);
        watch(i, run::Until::ready);
        change(i, Phase::starting);
    }

    void watch(std::size_t i, run::Until until) {
        view_.census().refresh();  // the run may be newer than the last look
        watches_[i] = Watch{EndWatch(view_, view_.judge(state(i).record), until), until};
    }

    // Waits until something happens to one of the runs, or until the user interrupts.
    void turn() {
        std::vector<pollfd> set;
        std::vector<std::size_t> owner;
        for (std::size_t i = 0; i < watches_.size(); ++i) {
            if (!watches_[i]) continue;
            if (watches_[i]->end.over()) return over(i);
            if (watches_[i]->until == run::Until::ready && !watches_[i]->end.guarded())
                return lost_guardian(i);
            for (const int fd : watches_[i]->end.descriptors()) {
                set.push_back({fd, POLLIN, 0});
                owner.push_back(i);
            }
        }
        set.push_back({request_.interrupt, POLLIN, 0});
        ::poll(set.data(), set.size(), -1);
        if (interrupted()) return;
        std::size_t last = watches_.size();
        for (std::size_t at = 0; at < owner.size(); ++at) {
            const std::size_t i = owner[at];
            if (set[at].revents == 0 || i == last || !watches_[i]) continue;
            last = i;  // check() may change what is watched, so it is called once a turn
            if (watches_[i]->end.check()) over(i);
        }
    }

    void lost_guardian(std::size_t i) {
        watches_[i].reset();
        state(i).took = sys::monotonic_ms() - state(i).took;
        const std::string& id = state(i).record.id;
        fail(i, Failure(Exit::usage, "no_guardian",
                        label(state(i).record) +
                            " has lost its guardian, so that nobody can tell whether it is ready",
                        "sigmund restart " + id, id));
    }

    // What was waited for has happened.
    void over(std::size_t i) {
        const Watch watch = std::move(*std::exchange(watches_[i], std::nullopt));
        UpState& now = state(i);
        if (watch.again) return;  // the run is gone, and its task is started in the next turn
        store_.load(now.record.id, run::Depth::full, now.record);
        now.took = sys::monotonic_ms() - now.took;
        if (watch.end.end().ready) return change(i, now.started ? Phase::ready : Phase::running);
        if (watch.until == run::Until::ready) {
            // Its guardian is stopping what is left of it, so that its last lines are complete.
            now.outcome = WaitOutcome{now.record, watch.end.end(), watch.until, false, false};
            now.took = sys::monotonic_ms() - now.took;
            return this->watch(i, run::Until::gone);
        }
        WaitOutcome ended =
            outcome_of(store_, now.record, watch.end.end(), now.outcome ? run::Until::ready : watch.until);
        if (now.outcome) {
            ended.end.late = now.outcome->end.late;
            ended.end.foreign = now.outcome->end.foreign;
        }
        now.record = ended.record;
        if (task(i).from.once && ended.exit() == 0) {
            const run::EndedBy& cause =
                run::is_final(ended.record.state) ? ended.record.ended_by : ended.end.cause;
            if (cause.empty() || cause == run::EndedBy::itself) return change(i, Phase::done);
            return fail(i,
                        Failure(Exit::usage, "failed", "it was ended before it was done, by " + cause.str()));
        }
        now.outcome = std::move(ended);
        if (now.record.ended_by == run::EndedBy::stop && gate_.closed()) {
            out_.closed = true;
            change(i, Phase::cancelled, "stopped");
            return cancel("sigmund down was called");
        }
        now.exit = now.outcome->exit();
        change(i, Phase::failed);
        if (request_.abort) cancel("");
    }

    const run::Store& store_;
    UpRequest request_;
    const UpObserver& observer_;
    run::ProjectGate gate_;
    const run::View view_;
    std::vector<std::optional<Watch>> watches_;
    std::vector<UpLook> looks_;
    UpOutcome out_;
};

}  // namespace

UpOutcome bring_up(const run::Store& store, UpRequest request, const UpObserver& observer) {
    return Bringer(store, std::move(request), observer).run();
}

}  // namespace sigmund::ops
