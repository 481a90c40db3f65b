// SPDX-License-Identifier: Apache-2.0
// The run's files in the store, which others may damage, replace or remove while the run lives. The guardian
// looks at them when it is asked something and before it writes: a few calls of fstat, so that an idle one
// stays asleep.
#include <unistd.h>

#include <cerrno>

#include "guard/guardian.hpp"
#include "sys/file.hpp"
#include "sys/memory.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis first_retry = 1'000, longest_retry = 60'000;
constexpr std::int64_t large_record = 256 * 1024;

// A folder stands in the way of a file, or something that cannot be opened as one.
bool in_the_way(int error) {
    return error == EISDIR || error == EEXIST || error == ELOOP || error == EINVAL || error == ENXIO;
}

}  // namespace

int Guardian::write_down(sys::Durable durable, std::size_t limit) {
    int error = plan_.store.save(plan_.record, durable, limit);
    if (in_the_way(error)) {
        plan_.store.clear_way(plan_.record.id, run::File::record);
        plan_.store.clear_way(plan_.record.id, run::File::temporary);
        error = plan_.store.save(plan_.record, durable, limit);
    }
    if (error == 0) remember_written();
    return error;
}

// So that it is seen when somebody else has written it.
void Guardian::remember_written() {
    record_seen_ = plan_.store.stamp(plan_.record.id, run::File::record);
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
    if (!plan_.store.removed()) return false;
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
    try {
        if (!plan_.store.still_locked_by(r.id, plan_.lock)) {
            sys::Fd mine = plan_.store.try_lock_id(r.id, true);
            if (!mine && in_the_way(errno)) {
                plan_.store.clear_way(r.id, run::File::lock);
                mine = plan_.store.try_lock_id(r.id, true);
            }
            if (mine) plan_.lock = std::move(mine);
        }
        const auto named = plan_.store.stamp(r.id, run::File::socket);
        if (!named || !socket_seen_ || !named->same_file(*socket_seen_)) {
            plan_.store.clear_way(r.id, run::File::socket);
            control_->listen_on(plan_.store.listen_in_moved(r.id));
            socket_seen_ = plan_.store.stamp(r.id, run::File::socket);
        }
        if (!r.name.empty() && !plan_.store.still_named_by(r.name, plan_.name_lock)) {
            auto taken = plan_.store.lock_name(r.name, r.id);
            if (taken.lock) plan_.name_lock = std::move(taken.lock);
        }
    } catch (const std::exception&) {
        // No room, or no descriptor: it is looked at again with the next request.
    }
    if (finished_ || (record_seen_ && plan_.store.stamp(r.id, run::File::record) == record_seen_)) return;
    fill_record();
    if (write_down(sys::Durable::no) != 0 && retry_at_ < 0) retry_later();
}

// The run is over, and its result could not be written: whoever prunes it does without. Its logs are emptied
// first, since they may be what fills the disk; then its record is written after all, and pruned like any.
void Guardian::discard(Client& client) {
    if (!finished_) return client.say("done 1 it is not over");
    client.say("done 0");
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
