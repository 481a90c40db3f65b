// SPDX-License-Identifier: Apache-2.0
#include "guard/run_files.hpp"

#include <cerrno>
#include <exception>
#include <utility>

#include "run/shell_marks.hpp"
#include "sys/memory.hpp"

namespace sigmund::guard {
namespace {

// In bytes. The memory that writing a longer record took is given back at once.
constexpr std::int64_t large_record = 256 * 1024;

}  // namespace

bool in_the_way(int error) {
    return error == EISDIR || error == EEXIST || error == ELOOP || error == EINVAL || error == ENXIO;
}

RunFiles::RunFiles(run::Store store, std::string id, run::IdLock lock, sys::Fd name_lock,
                   run::PortLock port_lock)
    : store_(std::move(store)),
      id_(std::move(id)),
      lock_(std::move(lock)),
      name_lock_(std::move(name_lock)),
      port_lock_(std::move(port_lock)) {}

int RunFiles::write(const run::Record& record, sys::Durable durable, std::size_t limit) {
    int error = store_.save(record, lock_, durable, limit);
    if (in_the_way(error)) {
        store_.clear_way(id_, run::File::record);
        store_.clear_way(id_, run::File::temporary);
        error = store_.save(record, lock_, durable, limit);
    }
    if (error == 0) remember_record();
    return error;
}

sys::Fd RunFiles::write_unsynced(const run::Record& record) {
    sys::Fd written = store_.save_unsynced(record, lock_);
    if (written) remember_record();
    return written;
}

void RunFiles::remember_record() {
    record_seen_ = store_.stamp(id_, run::File::record);
    if (record_seen_ && record_seen_->size > large_record) sys::give_back_memory();
}

bool RunFiles::record_intact() const {
    return record_seen_ && store_.stamp(id_, run::File::record) == record_seen_;
}

bool RunFiles::folder_gone() {
    if (!store_.removed()) return false;
    try {
        run::Store again = run::Store::open(store_.path());
        if (!again.present()) return true;
        store_ = std::move(again);
        return false;
    } catch (const std::exception&) {  // it belongs to another user now, or cannot be opened
        return true;
    }
}

void RunFiles::mend_locks(const run::ScopedName& name) {
    if (!store_.still_locked_by(id_, lock_)) {
        run::IdLock mine = store_.try_lock_id(id_, true);
        if (!mine && in_the_way(errno)) {
            store_.clear_way(id_, run::File::lock);
            mine = store_.try_lock_id(id_, true);
        }
        if (mine) lock_ = std::move(mine);
    }
    if (!name.empty() && !store_.still_named_by(name, name_lock_)) {
        auto taken = store_.lock_name(name, id_);
        if (taken.lock) name_lock_ = std::move(taken.lock);
    }
    port_lock_.mend(store_);
}

sys::Fd RunFiles::mend(const run::ScopedName& name) {
    sys::Fd listener;
    try {
        const auto named = store_.stamp(id_, run::File::socket);
        if (!named || !socket_seen_ || !named->same_file(*socket_seen_)) {
            store_.clear_way(id_, run::File::socket);
            listener = store_.listen_in_moved(id_);
            remember_socket();
        }
        mend_locks(name);
    } catch (const std::exception&) {
        // There is no room, or no descriptor.
    }
    return listener;
}

void RunFiles::remember_socket() {
    socket_seen_ = store_.stamp(id_, run::File::socket);
}

void RunFiles::remove_socket() {
    store_.drop(id_, run::File::socket);
    store_.drop(id_, run::File::word);
}

sys::Fd RunFiles::change_name_lock(sys::Fd lock) {
    std::swap(name_lock_, lock);
    return lock;
}

void RunFiles::free_name(const run::ScopedName& name) {
    if (name_lock_) store_.unlock_name(name, std::move(name_lock_));
}

int RunFiles::mark_live(const std::string& shell) const {
    return run::ShellMarks(store_).add(shell, id_);
}

void RunFiles::unmark(const std::string& shell) const {
    run::ShellMarks(store_).drop_live(shell, id_);
}

void RunFiles::mark_done(const std::string& shell) const {
    run::ShellMarks(store_).end(shell, id_);
}

void RunFiles::drop_mark(const std::string& shell) const {
    run::ShellMarks(store_).drop_live(shell, id_);
}

run::EndedBy RunFiles::take_word() const {
    run::EndedBy word = word_left();
    if (!word.empty()) store_.drop(id_, run::File::word);
    return word;
}

void RunFiles::remove_all() {
    store_.remove(id_, lock_);
}

}  // namespace sigmund::guard
