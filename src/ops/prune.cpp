// SPDX-License-Identifier: Apache-2.0
#include "ops/prune.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <unordered_set>

#include "ops/channel.hpp"
#include "run/outcome.hpp"
#include "run/port_lock.hpp"
#include "run/project_gate.hpp"
#include "run/rescue.hpp"
#include "run/shell_marks.hpp"

namespace sigmund::ops {
namespace {

using run::Record;

class Pruner {
  public:
    Pruner(const run::View& view, const PruneRequest& request)
        : view_(view), store_(view.store()), request_(request) {}

    PruneOutcome prune() {
        if (!store_.present()) return {};
        files_ = store_.files();
        if (request_.everything)
            sweep();
        else
            for (const run::Judged& run : request_.targets) consider(run);
        if (request_.everything && !request_.dry_run) {
            sweep_names();
            run::PortLock::sweep(store_);
            run::ProjectGate::sweep(store_);
            run::ShellMarks(store_).sweep_closed(view_);
        }
        return std::move(out_);
    }

  private:
    void leave(const std::string& id, const std::string& why, bool always_told = false) {
        out_.left.push_back({id, why, always_told});
    }

    bool written_within(const std::string& id, sys::Millis patience, Record& record) const {
        const sys::Millis until = sys::monotonic_ms() + patience;
        for (;;) {
            record = {};
            const run::Read answer = store_.load(id, run::Depth::head, record);
            if (answer == run::Read::absent || (answer == run::Read::ok && run::is_final(record.state)))
                return true;
            if (sys::monotonic_ms() >= until) return false;
            ::usleep(5'000);
        }
    }

    // Handles a run whose guardian could not write its result. The guardian tries again when it is asked.
    // With --force the result is given up once the guardian has confirmed that the run is over: only the
    // guardian knows that no other life follows.
    void settle_unwritten(const std::string& id) {
        const sys::Fd channel = reach_guardian(store_, id);
        if (!channel) return leave(id, "its guardian does not answer", true);
        Record now;
        // The guardian says hello before it tries, and closes the socket once it has written.
        const bool written = request_.dry_run ? false : written_within(id, 300, now);
        if (!written && !request_.force)
            return leave(id,
                         "its result is still being written (its disk was full); sigmund prune --force " +
                             id + " empties its log and gives up the result",
                         true);
        if (written && run::is_final(now.state) && !old_enough(now.ended_ms.value_or(now.started_ms)))
            return leave(id, "it is not that old");
        if (!written && !request_.dry_run && !discard(id, channel.get())) return;
        remove(id, out_.removed);
    }

    bool discard(const std::string& id, int channel) {
        const auto answer = converse(channel, {.kind = Request::Kind::discard}, sys::monotonic_ms() + 10'000);
        if (answer && answer->ok()) return true;
        if (answer && answer->request_unknown()) return discard_of_older(id, channel);
        Record now;
        if (!answer && written_within(id, 1'000, now)) return true;  // the result was written in the meantime
        leave(id, answer ? answer->text : "its guardian went away", true);
        return false;
    }

    // A guardian older than 0.2 has no such request. It tries to write again by itself within a minute, so
    // this only frees space.
    bool discard_of_older(const std::string& id, int channel) {
        // The guardian answers this request at once only when the run is over.
        bool over = false;
        const auto answer = converse(
            channel, {.kind = Request::Kind::events}, sys::monotonic_ms() + 2'000, [&](const Answer& line) {
                over = over || (line.kind == Answer::Kind::outcome &&
                                run::Outcome(line.text) == run::Outcome::already_ended);
            });
        if (!answer || !answer->ok() || !over) {
            leave(id, "it is not over", true);
            return false;
        }
        Record record;
        const bool outside =
            store_.load(id, run::Depth::full, record) == run::Read::ok && record.log_external;
        if (!outside) store_.empty_logs(files_of(id));
        if (written_within(id, 2'000, record)) return true;
        leave(id,
              "its log is empty now; its result will be written within a minute, and then it can be removed",
              true);
        return false;
    }

    // Returns why a record must stay; empty when it may be removed.
    std::string reason_to_keep(const run::Judged& run) {
        const Record& record = run.record;
        if (run::is_final(record.state)) return {};
        const run::Verdict& verdict = run.verdict;
        const run::Census& census = view_.census();
        if (verdict.live() || verdict.guardian_alive) return "it is running";
        if (!run::numbers_possible(record) && somebody_carries(record.id))
            return "its record is damaged, and a process of it may still be alive";
        if (verdict.state == run::State::stale && !request_.force) {
            // Its processes may be alive where this process cannot see them.
            if (!census.same_boot(record) && !record.host.empty() && record.host != sys::host_name())
                return "it was recorded on another host (" + record.host + "); --force removes it";
            if (census.same_boot(record) && !census.same_pid_namespace(record))
                return "it was recorded in another PID namespace; --force removes it";
        }
        return {};
    }

    // Returns the files that an id had when the pruning began.
    std::span<const std::string> files_of(const std::string& id) const {
        const auto found = std::lower_bound(
            files_.begin(), files_.end(), id,
            [](const run::FilesOfId& each, const std::string& wanted) { return each.id < wanted; });
        if (found == files_.end() || found->id != id) return {};
        return found->files;
    }

    void remove(const std::string& id, std::vector<std::string>& list) {
        if (request_.dry_run) {
            list.push_back(id);
            return;
        }
        run::IdLock lock = store_.try_lock_id(id, true);
        // The guardian answers `stop` when the result is written, and releases its lock a moment later.
        for (int i = 0; !lock && errno == EWOULDBLOCK && i < 100; ++i) {
            ::usleep(5000);
            lock = store_.try_lock_id(id, true);
        }
        if (!lock && errno == EWOULDBLOCK) return leave(id, "its guardian still holds its lock");
        if (note_failure(lock ? store_.remove(id, lock, files_of(id)) : errno)) list.push_back(id);
    }

    // Remembers the first error, and returns whether there was none.
    bool note_failure(int error) {
        if (error != 0 && out_.failed == 0) out_.failed = error;
        return error == 0;
    }

    bool old_enough(sys::Millis end) const {
        return !request_.older_than || now_ - end >= *request_.older_than;
    }

    void consider(const run::Judged& run) {
        const Record& record = run.record;
        if (run.verdict.unwritten()) return settle_unwritten(record.id);
        if (const std::string why = reason_to_keep(run); !why.empty()) return leave(record.id, why);
        if (!old_enough(record.ended_ms.value_or(record.started_ms)))
            return leave(record.id, "it is not that old");
        remove(record.id, out_.removed);
    }

    void sweep() {
        // There may be thousands of records, so only this much of each is kept.
        struct Finished {
            sys::Millis started, ended;
            std::string id;
        };
        std::vector<Finished> finished;
        std::vector<std::string> waiting;
        for (const auto& [id, files] : files_) {
            if (const auto run = view_.find(id, run::Depth::head)) {
                const Record& record = run->record;
                if (run->verdict.unwritten())
                    waiting.push_back(id);
                else if (reason_to_keep(*run).empty())
                    finished.push_back({record.started_ms, record.ended_ms.value_or(record.started_ms), id});
            } else if (!somebody_carries(id)) {
                sweep_litter(id);
            }
        }
        std::sort(finished.begin(), finished.end(),
                  [](const Finished& a, const Finished& b) { return a.started > b.started; });
        const auto kept = std::min(finished.size(), static_cast<std::size_t>(std::max(0, request_.keep)));
        for (std::size_t i = kept; i < finished.size(); ++i)
            if (old_enough(finished[i].ended)) remove(finished[i].id, out_.removed);
        // These come last, since the removals may have freed space by now.
        for (const std::string& id : waiting)
            if (request_.keep == 0) settle_unwritten(id);
    }

    // Removes locks, logs and sockets without a record, which are left by a start that was killed. A start in
    // progress holds the lock.
    void sweep_litter(const std::string& id) {
        if (request_.older_than || request_.keep > 0) return;
        if (request_.dry_run && store_.id_locked(id)) return;
        if (!request_.dry_run) {
            const run::IdLock lock = store_.try_lock_id(id, true);
            Record record;
            // The check is repeated under the lock, since the start may have written its record in the
            // meantime.
            if (!lock) {
                if (errno != EWOULDBLOCK) note_failure(errno);
                return;
            }
            if (store_.read(id, run::Depth::head, record) == run::Read::ok) return;
            if (!note_failure(store_.remove(id, lock, files_of(id)))) return;
        }
        out_.swept.push_back(id);
    }

    // Returns whether a process of this run is alive, or a guardian of it whose lock file was removed.
    bool somebody_carries(const std::string& id) {
        if (!carriers_known_) {
            for (const pid_t pid : view_.census().proc().processes())
                if (auto carried = view_.census().proc().environment_value(pid, "SIGMUND_RUN"))
                    carriers_.insert(std::move(*carried));
            for (run::LivingGuardian& guardian : run::living_guardians())
                carriers_.insert(std::move(guardian.id));
            carriers_known_ = true;
        }
        return carriers_.contains(id);
    }

    // Removes names whose guardian was killed before it could free them, if no process of their run is alive.
    void sweep_names() const {
        store_.sweep_names([&](Record holder) {
            return !run::is_final(holder.state) && view_.judge(std::move(holder)).live();
        });
    }

    const run::View& view_;
    const run::Store& store_;
    const PruneRequest& request_;
    std::vector<run::FilesOfId> files_;  // sorted
    std::unordered_set<std::string> carriers_;
    bool carriers_known_ = false;
    const sys::Millis now_ = sys::realtime_ms();
    PruneOutcome out_;
};

}  // namespace

PruneOutcome prune(const run::View& view, const PruneRequest& request) {
    return Pruner(view, request).prune();
}

}  // namespace sigmund::ops
