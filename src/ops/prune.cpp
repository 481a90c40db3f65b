// SPDX-License-Identifier: Apache-2.0
#include "ops/prune.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "ops/shell_session.hpp"
#include "run/verdict.hpp"
#include "sys/lock.hpp"

namespace sigmund::ops {
namespace {

using run::Record;

class Pruner {
  public:
    Pruner(const run::Store& store, const PruneRequest& request) : store_(store), request_(request) {}

    PruneOutcome prune() {
        if (!store_.present()) return {};
        files_ = store_.files_by_id();
        if (request_.everything)
            sweep();
        else
            for (const Record& record : request_.targets) consider(record, true);
        if (request_.everything && !request_.dry_run) {
            sweep_names();
            sweep_shells();
        }
        return std::move(out_);
    }

  private:
    void leave(const std::string& id, const std::string& why, bool named) {
        if (named) out_.left.push_back({id, why});
    }

    // Why a record must stay; empty: it may go.
    std::string reason_to_keep(const Record& record) {
        if (run::is_final(record.state)) return {};
        const run::Verdict verdict = run::verdict_of(record, store_, census_);
        if (verdict.live() || verdict.guardian_alive) return "it is running";
        if (verdict.state == run::State::stale && !request_.force) {
            // Its processes may well live where this process cannot see them.
            if (!census_.same_boot(record) && !record.host.empty() && record.host != sys::host_name())
                return "it was recorded on another host (" + record.host + "); --force removes it";
            if (census_.same_boot(record) && !census_.same_pid_namespace(record))
                return "it was recorded in another PID namespace; --force removes it";
        }
        return {};
    }

    void remove(const std::string& id, std::vector<std::string>& list) {
        if (request_.dry_run) {
            list.push_back(id);
            return;
        }
        sys::Fd lock = store_.try_lock_id(id, true);
        // A guardian answers `stop` when the result is written, and lets go of its lock a moment later.
        for (int i = 0; !lock && i < 100; ++i) {
            ::usleep(5000);
            lock = store_.try_lock_id(id, true);
        }
        if (!lock) return leave(id, "its guardian still holds it", true);
        const auto files = files_.find(id);
        const int error =
            store_.remove(id, files == files_.end() ? std::vector<std::string>{} : files->second);
        if (error == 0)
            list.push_back(id);
        else if (out_.failed == 0)
            out_.failed = error;
    }

    void consider(const Record& record, bool named) {
        if (const std::string why = reason_to_keep(record); !why.empty()) return leave(record.id, why, named);
        if (request_.older_than) {
            const sys::Millis age = sys::realtime_ms() - record.ended_ms.value_or(record.started_ms);
            if (age < *request_.older_than) return leave(record.id, "it is not that old", named);
        }
        remove(record.id, out_.removed);
    }

    void sweep() {
        std::vector<Record> finished;
        for (const auto& [id, names] : files_) {
            Record record;
            const run::Read answer = store_.load(id, run::Depth::head, record);
            if (answer == run::Read::ok) {
                finished.push_back(std::move(record));
            } else if (answer == run::Read::absent) {
                sweep_litter(id);
            } else if (!somebody_carries(id)) {
                sweep_litter(id);
            }
        }
        std::sort(finished.begin(), finished.end(),
                  [](const Record& a, const Record& b) { return a.started_ms > b.started_ms; });
        int kept = 0;
        for (const Record& record : finished) {
            if (request_.keep > 0 && kept < request_.keep && reason_to_keep(record).empty()) {
                ++kept;
                continue;
            }
            consider(record, false);
        }
    }

    // Locks, logs, sockets without a record: of a start that was killed. A running start holds the lock.
    void sweep_litter(const std::string& id) {
        if (request_.older_than || request_.keep > 0) return;
        if (request_.dry_run && store_.id_locked(id)) return;
        if (!request_.dry_run) {
            const sys::Fd lock = store_.try_lock_id(id, true);
            Record record;
            // Looked at again under the lock: the start may have come as far as its record.
            if (!lock || store_.load(id, run::Depth::head, record) == run::Read::ok) return;
            if (store_.remove(id, files_[id]) != 0) return;
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
            const sys::Fd fd(::openat(folder, name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
            if (fd && sys::try_lock(fd.get(), sys::LockMode::exclusive) &&
                sys::still_named(fd.get(), folder, name.c_str()))
                ::unlinkat(folder, name.c_str(), 0);
        });
    }

    // Folders of closed shells: markers of runs that are no more, then the folder when it is empty.
    void sweep_shells() const {
        each_name("shells", [&](int folder, const std::string& shell) {
            if (shell_alive(shell)) return;
            each_name(("shells/" + shell).c_str(), [&](int inner, const std::string& marker) {
                const auto dot = marker.find('.');
                Record record;
                if (marker.starts_with("run.") &&
                    store_.load(marker.substr(dot + 1), run::Depth::head, record) == run::Read::ok)
                    return;
                ::unlinkat(inner, marker.c_str(), 0);
            });
            ::unlinkat(folder, (shell + "/.trap").c_str(), 0);  // bash's scratch file
            ::unlinkat(folder, shell.c_str(), AT_REMOVEDIR);
        });
    }

    const run::Store& store_;
    const PruneRequest& request_;
    run::Census census_;
    std::map<std::string, std::vector<std::string>> files_;
    PruneOutcome out_;
};

}  // namespace

PruneOutcome prune(const run::Store& store, const PruneRequest& request) {
    return Pruner(store, request).prune();
}

}  // namespace sigmund::ops
