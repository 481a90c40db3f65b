// SPDX-License-Identifier: Apache-2.0
#include "guard/run_files.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "sys/lock.hpp"
#include "sys/memory.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

// The memory that a record above this size took to write is given back at once, in bytes.
constexpr std::int64_t large_record = 256 * 1024;

// Removes what stands in the place of a file of ours. A folder that is not empty is renamed, since somebody
// may need it.
void clear_way(int dir, const std::string& name) {
    if (::unlinkat(dir, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (::unlinkat(dir, name.c_str(), AT_REMOVEDIR) == 0) return;
    for (int i = 1; i < 100; ++i) {
        // Such a name begins with no id, so that no run owns the file and prune leaves it alone.
        const std::string aside = "damaged." + name + '.' + std::to_string(i);
        if (::renameat(dir, name.c_str(), dir, aside.c_str()) == 0 || errno == ENOENT) return;
    }
}

// A folder stands in the way of a file, or something that cannot be opened as one.
bool in_the_way(int error) {
    return error == EISDIR || error == EEXIST || error == ELOOP || error == EINVAL || error == ENXIO;
}

}  // namespace

RunFiles::RunFiles(run::Store store, std::string id, sys::Fd lock, sys::Fd name_lock)
    : store_(std::move(store)),
      id_(std::move(id)),
      lock_(std::move(lock)),
      name_lock_(std::move(name_lock)) {}

int RunFiles::write(const run::Record& record, sys::Durable durable, std::size_t limit) {
    int error = store_.save(record, durable, limit);
    if (in_the_way(error)) {
        clear_way(store_.dir(), id_ + ".json");
        clear_way(store_.dir(), id_ + ".tmp");
        error = store_.save(record, durable, limit);
    }
    if (error == 0) remember_record();
    return error;
}

sys::Fd RunFiles::write_unsynced(const run::Record& record) {
    sys::Fd written = store_.save_unsynced(record);
    if (written) remember_record();
    return written;
}

void RunFiles::remember_record() {
    record_seen_ = store_.stamp(id_ + ".json");
    if (record_seen_ && record_seen_->size > large_record) sys::give_back_memory();
}

bool RunFiles::record_intact() const {
    return record_seen_ && store_.stamp(id_ + ".json") == record_seen_;
}

bool RunFiles::folder_gone() {
    struct stat folder {};
    if (::fstat(store_.dir(), &folder) != 0 || folder.st_nlink != 0) return false;
    try {
        run::Store again = run::Store::open(store_.path());
        if (!again.present()) return true;
        store_ = std::move(again);
        return false;
    } catch (const std::exception&) {  // it belongs to another user now, or cannot be opened
        return true;
    }
}

void RunFiles::mend_locks(const std::string& name) {
    const int dir = store_.dir();
    const std::string lock = id_ + ".lock";
    if (!sys::still_named(lock_.get(), dir, lock.c_str())) {
        sys::Fd mine = store_.try_lock_id(id_, true);
        if (!mine && in_the_way(errno)) {
            clear_way(dir, lock);
            mine = store_.try_lock_id(id_, true);
        }
        if (mine) lock_ = std::move(mine);
    }
    if (!name.empty() && !sys::still_named(name_lock_.get(), dir, ("names/" + name).c_str())) {
        auto taken = store_.lock_name(name, id_);
        if (taken.lock) name_lock_ = std::move(taken.lock);
    }
}

sys::Fd RunFiles::mend(const std::string& name) {
    const std::string socket = id_ + ".sock";
    sys::Fd listener;
    try {
        const auto named = store_.stamp(socket);
        if (!named || !socket_seen_ || !named->same_file(*socket_seen_)) {
            clear_way(store_.dir(), socket);
            // The path is that of the descriptor, because the folder may have been renamed.
            listener = sys::listen_socket(store_.dir(), "/proc/self/fd/" + std::to_string(store_.dir()),
                                          socket.c_str());
            remember_socket();
        }
        mend_locks(name);
    } catch (const std::exception&) {
        // There is no room or no descriptor.
    }
    return listener;
}

void RunFiles::remember_socket() {
    socket_seen_ = store_.stamp(id_ + ".sock");
}

void RunFiles::remove_socket() {
    ::unlinkat(store_.dir(), (id_ + ".sock").c_str(), 0);
    ::unlinkat(store_.dir(), (id_ + ".stop").c_str(), 0);
}

sys::Fd RunFiles::change_name_lock(sys::Fd lock) {
    std::swap(name_lock_, lock);
    return lock;
}

void RunFiles::free_name(const std::string& name) {
    if (name_lock_) store_.unlock_name(name, std::move(name_lock_));
}

void RunFiles::mark_done(const std::string& shell) const {
    if (shell.empty()) return;
    const std::string folder = "shells/" + shell + '/';
    ::renameat(store_.dir(), (folder + "run." + id_).c_str(), store_.dir(), (folder + "done." + id_).c_str());
}

run::EndedBy RunFiles::take_word() const {
    const run::EndedBy word = word_left();
    if (!word.empty()) ::unlinkat(store_.dir(), (id_ + ".stop").c_str(), 0);
    return word;
}

void RunFiles::remove_all() {
    store_.remove(id_);
}

}  // namespace sigmund::guard
