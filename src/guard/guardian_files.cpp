// SPDX-License-Identifier: Apache-2.0
// The run's files in the store, which others may damage, replace or remove while the run lives. The guardian
// looks at them when it is asked something and before it writes: a few calls of fstat, so that an idle one
// stays asleep.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "guard/guardian.hpp"
#include "sys/file.hpp"
#include "sys/lock.hpp"
#include "sys/memory.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis first_retry = 1'000, longest_retry = 60'000;
constexpr std::int64_t large_record = 256 * 1024;

// Removes what sits where a file of ours belongs. A folder that is not empty is renamed: it may be
// somebody's.
void clear_way(int dir, const std::string& name) {
    if (::unlinkat(dir, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (::unlinkat(dir, name.c_str(), AT_REMOVEDIR) == 0) return;
    for (int i = 1; i < 100; ++i) {
        // A name that begins with no id: it is nobody's file, and prune does not come across it.
        const std::string aside = "damaged." + name + '.' + std::to_string(i);
        if (::renameat(dir, name.c_str(), dir, aside.c_str()) == 0 || errno == ENOENT) return;
    }
}

// A folder stands in the way of a file, or something that cannot be opened as one.
bool in_the_way(int error) {
    return error == EISDIR || error == EEXIST || error == ELOOP || error == EINVAL || error == ENXIO;
}

}  // namespace

int Guardian::write_down(sys::Durable durable, std::size_t limit) {
    int error = plan_.store.save(plan_.record, durable, limit);
    if (in_the_way(error)) {
        clear_way(plan_.store.dir(), plan_.record.id + ".json");
        clear_way(plan_.store.dir(), plan_.record.id + ".tmp");
        error = plan_.store.save(plan_.record, durable, limit);
    }
    if (error == 0) remember_written();
    return error;
}

// So that it is seen when somebody else has written it.
void Guardian::remember_written() {
    record_seen_ = plan_.store.stamp(plan_.record.id + ".json");
    if (record_seen_ && record_seen_->size > large_record) sys::give_back_memory();
}

// What is on the disk is not true now: a full disk may have room again, 1 s later, doubling to a minute.
void Guardian::retry_later() {
    retry_at_ = sys::monotonic_ms() + retry_pause_;
    retry_pause_ = std::min(retry_pause_ * 2, longest_retry);
}

// Somebody asks: there may be room by now, and whoever has just made some need not wait a minute.
void Guardian::retry_now() {
    if (retry_at_ < 0) return;
    retry_pause_ = first_retry;
    finished_ ? try_final_save() : save();
}

// The folder itself may be gone, and another made in its place. None is made here: whoever removes the store
// may mean it.
bool Guardian::store_is_gone() {
    struct stat folder {};
    if (::fstat(plan_.store.dir(), &folder) != 0 || folder.st_nlink != 0) return false;
    try {
        run::Store again = run::Store::open(plan_.store.path());
        if (!again.present()) return true;
        plan_.store = std::move(again);
        return false;
    } catch (const std::exception&) {  // it is another user's now, or cannot be opened
        return true;
    }
}

void Guardian::mend_files() {
    if (written_ || store_is_gone()) return;
    const run::Record& r = plan_.record;
    const int dir = plan_.store.dir();
    const std::string lock = r.id + ".lock", socket = r.id + ".sock";
    try {
        if (!sys::still_named(plan_.lock.get(), dir, lock.c_str())) {
            sys::Fd mine = plan_.store.try_lock_id(r.id, true);
            if (!mine && in_the_way(errno)) {
                clear_way(dir, lock);
                mine = plan_.store.try_lock_id(r.id, true);
            }
            if (mine) plan_.lock = std::move(mine);
        }
        const auto named = plan_.store.stamp(socket);
        if (!named || !socket_seen_ || !named->same_file(*socket_seen_)) {
            clear_way(dir, socket);
            // Not by its path: the folder may have been renamed.
            control_->listen_on(
                sys::listen_socket(dir, "/proc/self/fd/" + std::to_string(dir), socket.c_str()));
            socket_seen_ = plan_.store.stamp(socket);
        }
        if (!r.name.empty() && !sys::still_named(plan_.name_lock.get(), dir, ("names/" + r.name).c_str())) {
            auto taken = plan_.store.lock_name(r.name, r.id);
            if (taken.lock) plan_.name_lock = std::move(taken.lock);
        }
    } catch (const std::exception&) {
        // No room, or no descriptor: it is looked at again with the next request.
    }
    if (finished_ || (record_seen_ && plan_.store.stamp(r.id + ".json") == record_seen_)) return;
    fill_record();
    if (write_down(sys::Durable::no) != 0 && retry_at_ < 0) retry_later();
}

// The run is over, and its result could not be written: whoever prunes it does without. Its logs are emptied
// first, since they may be what fills the disk; then its record is written after all, and pruned like any.
void Guardian::discard(Client& client) {
    if (!finished_) return client.say(run::refused("it is not over"));
    client.say(run::done());
    if (written_) return;
    const auto empty = [](int fd) {
        if (fd >= 0) (void)!::ftruncate(fd, 0);
    };
    if (!plan_.record.log_external) empty(pump_ ? pump_->log() : plan_.log.get());
    empty(plan_.error_log.get());
    for (const sys::Fd& log : plan_.worker_logs) empty(log.get());
    try_final_save();
    if (written_) return;
    plan_.store.remove(plan_.record.id);
    leave();
}

}  // namespace sigmund::guard
