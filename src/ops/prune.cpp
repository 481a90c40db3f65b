// SPDX-License-Identifier: Apache-2.0
#include "ops/prune.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <unordered_set>

#include "ops/channel.hpp"
#include "ops/shell_runs.hpp"
#include "ops/shell_session.hpp"
#include "run/outcome.hpp"
#include "run/rescue.hpp"
#include "run/verdict.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::ops {
namespace {

using run::Record;

class Pruner {
  public:
    Pruner(const run::Store& store, const PruneRequest& request) : store_(store), request_(request) {}

    PruneOutcome prune() {
        if (!store_.present()) return {};
        files_ = store_.files();
        if (request_.everything)
            sweep();
        else
            for (const Record& record : request_.targets) consider(record);
        if (request_.everything && !request_.dry_run) {
            sweep_names();
            sweep_closed_shells(store_);
        }
        return std::move(out_);
    }

  private:
    void leave(const std::string& id, const std::string& why, bool always_told = false) {
        out_.left.push_back({id, why, always_told});
    }

    // Over, but its guardian has not written the result yet: most likely the disk is full.
    bool unwritten(const Record& record) {
        if (run::is_final(record.state)) return false;
        const run::Verdict verdict = run::verdict_of(record, store_, census_);
        return verdict.guardian_alive && verdict.result == run::Result::pending;
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

    // Its guardian tries again when it is asked. With --force it does without the result, once it has said
    // that the run is over: nobody else can know that no other life follows.
    void settle_unwritten(const std::string& id) {
        const sys::Fd channel = reach_guardian(store_, id);
        if (!channel) return leave(id, "its guardian does not answer", true);
        Record now;
        // It says hello before it tries, and lets go of the socket when it has written.
        const bool written = request_.dry_run ? false : written_within(id, 300, now);
        if (!written && !request_.force)
            return leave(id,
                         "its result is still being written (its disk was full); sigmund prune --force " +
                             id + " empties its log and does without the result",
                         true);
        if (written && run::is_final(now.state) && !old_enough(now.ended_ms.value_or(now.started_ms)))
            return leave(id, "it is not that old");
        if (!written && !request_.dry_run && !discard(id, channel.get())) return;
        remove(id, out_.removed);
    }

    bool discard(const std::string& id, int channel) {
        std::string rest;
        const int code = converse(
            channel, "discard", sys::monotonic_ms() + 10'000, [](const std::string&) {}, &rest);
        if (code == 0) return true;
        if (code > 0 && rest == "unknown request") return discard_of_older(id, channel);
        Record now;
        if (code < 0 && written_within(id, 1'000, now)) return true;  // it was written in between
        leave(id, code > 0 ? rest : "its guardian went away", true);
        return false;
    }

    // Before 0.2 a guardian only writes again by itself, within a minute: it is given the room.
    bool discard_of_older(const std::string& id, int channel) {
        // Only of a run that is over does it answer this at once.
        bool over = false;
        const int code =
            converse(channel, "events", sys::monotonic_ms() + 2'000, [&](const std::string& line) {
                const auto outcome = after(line, "outcome");
                over = over || (outcome && run::Outcome(*outcome) == run::Outcome::already_ended);
            });
        if (code != 0 || !over) {
            leave(id, "it is not over", true);
            return false;
        }
        Record record;
        const bool outside =
            store_.load(id, run::Depth::full, record) == run::Read::ok && record.log_external;
        for (const std::string& file : files_of(id)) {
            if (outside || file.find(".log") == std::string::npos) continue;
            const sys::Fd log(sys::open_own(store_.dir(), file.c_str(), O_WRONLY));
            if (log) (void)!::ftruncate(log.get(), 0);
        }
        if (written_within(id, 2'000, record)) return true;
        leave(id, "its log is empty now; its result is written within a minute, then it can be removed",
              true);
        return false;
    }

    // Why a record must stay; empty: it may go.
    std::string reason_to_keep(const Record& record) {
        if (run::is_final(record.state)) return {};
        const run::Verdict verdict = run::verdict_of(record, store_, census_);
        if (verdict.live() || verdict.guardian_alive) return "it is running";
        if (!run::numbers_possible(record) && somebody_carries(record.id))
            return "its record is damaged, and a process of it may live";
        if (verdict.state == run::State::stale && !request_.force) {
            // Its processes may well live where this process cannot see them.
            if (!census_.same_boot(record) && !record.host.empty() && record.host != sys::host_name())
                return "it was recorded on another host (" + record.host + "); --force removes it";
            if (census_.same_boot(record) && !census_.same_pid_namespace(record))
                return "it was recorded in another PID namespace; --force removes it";
        }
        return {};
    }

    // The files of an id among files_.
    std::span<const std::string> files_of(const std::string& id) const {
        const auto from = std::lower_bound(files_.begin(), files_.end(), id + '.');
        auto to = from;
        while (to != files_.end() && to->size() > id.size() && to->starts_with(id) && (*to)[id.size()] == '.')
            ++to;
        return {from, to};
    }

    void remove(const std::string& id, std::vector<std::string>& list) {
        if (request_.dry_run) {
            list.push_back(id);
            return;
        }
        sys::Fd lock = store_.try_lock_id(id, true);
        // A guardian answers `stop` when the result is written, and lets go of its lock a moment later.
        for (int i = 0; !lock && errno == EWOULDBLOCK && i < 100; ++i) {
            ::usleep(5000);
            lock = store_.try_lock_id(id, true);
        }
        if (!lock && errno == EWOULDBLOCK) return leave(id, "its guardian still holds it");
        if (note_failure(lock ? store_.remove(id, files_of(id)) : errno)) list.push_back(id);
    }

    // Whether all went well.
    bool note_failure(int error) {
        if (error != 0 && out_.failed == 0) out_.failed = error;
        return error == 0;
    }

    bool old_enough(sys::Millis end) const {
        return !request_.older_than || now_ - end >= *request_.older_than;
    }

    void consider(const Record& record) {
        if (unwritten(record)) return settle_unwritten(record.id);
        if (const std::string why = reason_to_keep(record); !why.empty()) return leave(record.id, why);
        if (!old_enough(record.ended_ms.value_or(record.started_ms)))
            return leave(record.id, "it is not that old");
        remove(record.id, out_.removed);
    }

    void sweep() {
        // Of thousands of records only this is kept.
        struct Finished {
            sys::Millis started, ended;
            std::string id;
        };
        std::vector<Finished> finished;
        std::vector<std::string> waiting;
        for (std::size_t at = 0; at < files_.size();) {
            const std::string id = files_[at].substr(0, files_[at].find('.'));
            at += files_of(id).size();
            Record record;
            const run::Read answer = store_.load(id, run::Depth::head, record);
            if (answer == run::Read::ok) {
                if (unwritten(record))
                    waiting.push_back(id);
                else if (reason_to_keep(record).empty())
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
        // After those: there may be room now.
        for (const std::string& id : waiting)
            if (request_.keep == 0) settle_unwritten(id);
    }

    // Locks, logs, sockets without a record: of a start that was killed. A running start holds the lock.
    void sweep_litter(const std::string& id) {
        if (request_.older_than || request_.keep > 0) return;
        if (request_.dry_run && store_.id_locked(id)) return;
        if (!request_.dry_run) {
            const sys::Fd lock = store_.try_lock_id(id, true);
            Record record;
            // Looked at again under the lock: the start may have come as far as its record.
            if (!lock) {
                if (errno != EWOULDBLOCK) note_failure(errno);
                return;
            }
            if (store_.read(id, run::Depth::head, record) == run::Read::ok) return;
            if (!note_failure(store_.remove(id, files_of(id)))) return;
        }
        out_.swept.push_back(id);
    }

    // Whether a process of this run lives, or a guardian of it whose lock somebody has removed.
    bool somebody_carries(const std::string& id) {
        if (!carriers_known_) {
            for (const pid_t pid : census_.proc().processes())
                if (auto carried = census_.proc().environment_value(pid, "SIGMUND_RUN"))
                    carriers_.insert(std::move(*carried));
            for (run::LivingGuardian& guardian : run::living_guardians())
                carriers_.insert(std::move(guardian.id));
            carriers_known_ = true;
        }
        return carriers_.contains(id);
    }

    template <typename Each>
    void each_name(const char* folder, Each each) const {
        const int fd = ::openat(store_.dir(), folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) return;
        DIR* dir = ::fdopendir(fd);
        if (!dir) {
            ::close(fd);
            return;
        }
        while (const dirent* entry = ::readdir(dir))
            if (entry->d_name[0] != '.') each(fd, std::string(entry->d_name));
        ::closedir(dir);
    }

    // Names whose holder was killed before it could free them, and of whose run nothing lives.
    void sweep_names() const {
        each_name("names", [&](int folder, const std::string& name) {
            Record record;
            if (const auto id = store_.name_left_by(name);
                id && store_.load(*id, run::Depth::full, record) == run::Read::ok && record.name == name &&
                !run::is_final(record.state) && run::verdict_of(record, store_, census_).live())
                return;
            const sys::Fd fd = sys::open_own(folder, name.c_str(), O_RDWR);
            if (fd && sys::try_lock(fd.get(), sys::LockMode::exclusive) &&
                sys::still_named(fd.get(), folder, name.c_str()))
                ::unlinkat(folder, name.c_str(), 0);
        });
    }

    const run::Store& store_;
    const PruneRequest& request_;
    run::Census census_;
    std::vector<std::string> files_;  // sorted
    std::unordered_set<std::string> carriers_;
    bool carriers_known_ = false;
    const sys::Millis now_ = sys::realtime_ms();
    PruneOutcome out_;
};

}  // namespace

PruneOutcome prune(const run::Store& store, const PruneRequest& request) {
    return Pruner(store, request).prune();
}

}  // namespace sigmund::ops
