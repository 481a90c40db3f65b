// SPDX-License-Identifier: Apache-2.0
#include "ops/prune.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "ops/shell_runs.hpp"
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
    void leave(const std::string& id, const std::string& why) { out_.left.push_back({id, why}); }

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
        for (std::size_t at = 0; at < files_.size();) {
            const std::string id = files_[at].substr(0, files_[at].find('.'));
            at += files_of(id).size();
            Record record;
            const run::Read answer = store_.load(id, run::Depth::head, record);
            if (answer == run::Read::ok) {
                if (reason_to_keep(record).empty())
                    finished.push_back({record.started_ms, record.ended_ms.value_or(record.started_ms), id});
            } else if (answer == run::Read::absent || !somebody_carries(id)) {
                sweep_litter(id);
            }
        }
        std::sort(finished.begin(), finished.end(),
                  [](const Finished& a, const Finished& b) { return a.started > b.started; });
        const auto kept = std::min(finished.size(), static_cast<std::size_t>(std::max(0, request_.keep)));
        for (std::size_t i = kept; i < finished.size(); ++i)
            if (old_enough(finished[i].ended)) remove(finished[i].id, out_.removed);
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
            if (store_.load(id, run::Depth::head, record) == run::Read::ok) return;
            if (!note_failure(store_.remove(id, files_of(id)))) return;
        }
        out_.swept.push_back(id);
    }

    bool somebody_carries(const std::string& id) const {
        for (const pid_t pid : census_.proc().processes())
            if (census_.proc().environment_value(pid, "SIGMUND_RUN") == id) return true;
        return false;
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

    // Names whose holder was killed before it could free them.
    void sweep_names() const {
        each_name("names", [](int folder, const std::string& name) {
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
    const sys::Millis now_ = sys::realtime_ms();
    PruneOutcome out_;
};

}  // namespace

PruneOutcome prune(const run::Store& store, const PruneRequest& request) {
    return Pruner(store, request).prune();
}

}  // namespace sigmund::ops
