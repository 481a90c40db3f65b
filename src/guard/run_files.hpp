// SPDX-License-Identifier: Apache-2.0
// The files of a run in the store, which others may damage, replace or remove while the run lives: its
// record, its locks, its socket and its marks. The guardian checks them when it gets a request and before
// it writes. That is a few calls of fstat(2), so that an idle guardian stays asleep.
#pragma once
#include <optional>
#include <string>
#include <utility>

#include "run/port_lock.hpp"
#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/file.hpp"

namespace sigmund::guard {

// Returns whether the error means that a folder, or something that cannot be opened as a file, is in the way
// of a file.
bool in_the_way(int error);

class RunFiles {
  public:
    // The locks are held. `name_lock` is empty for a run without a name, and `port_lock` without --port.
    RunFiles(run::Store store, std::string id, run::IdLock lock, sys::Fd name_lock,
             run::PortLock port_lock = {});

    const run::Store& store() const { return store_; }

    // Writes the whole record. Whatever is in its place is moved out of the way. Returns 0 or errno;
    // EOVERFLOW when the record is longer than `limit`.
    int write(const run::Record& record, sys::Durable durable, std::size_t limit = run::record_limit);
    // Writes the record without a sync. The returned descriptor must be synced later. Empty with errno on
    // failure.
    sys::Fd write_unsynced(const run::Record& record);
    // Returns the record for the leader of a start to write. Its identity is still missing.
    run::LeaderDraft draft(run::Record record) const { return store_.draft(std::move(record), lock_); }
    // Returns whether the record is on the disk as this guardian wrote it last.
    bool record_intact() const;
    // Returns whether the store's folder was removed and has no successor. No folder is made here, since the
    // user may have removed the store on purpose.
    bool folder_gone();

    // Takes the locks and makes the socket again where they were removed. Returns a new listening socket, or
    // none when the old one is in its place. When there is no room or no descriptor, the next call tries
    // again.
    sys::Fd mend(const run::ScopedName& name);
    // remember_socket() notes the socket that the launcher has made.
    void remember_socket();
    void remove_socket();

    // Replaces the lock of the name by that of another name, or by none. Returns the old lock.
    sys::Fd change_name_lock(sys::Fd lock);
    void free_name(const run::ScopedName& name);
    void free_ports() { port_lock_.release(store_); }
    // Mark the run as a live run of a shell, which returns 0 or errno, and remove that mark.
    int mark_live(const std::string& shell) const;
    void unmark(const std::string& shell) const;
    // Turns the mark of the run into that of an ended one. The shell that owns the run reads it at its next
    // prompt.
    void mark_done(const std::string& shell) const;
    // Removes the mark of a run whose start has failed.
    void drop_mark(const std::string& shell) const;
    // word_left() returns the word of a stop that was made without this guardian. take_word() also removes
    // it.
    run::EndedBy word_left() const { return store_.word_left(id_); }
    run::EndedBy take_word() const;
    // Removes everything that belongs to the run.
    void remove_all();

  private:
    void remember_record();
    void mend_locks(const run::ScopedName& name);

    run::Store store_;
    std::string id_;
    run::IdLock lock_;
    sys::Fd name_lock_;
    run::PortLock port_lock_;
    std::optional<run::Stamp> record_seen_, socket_seen_;  // as this guardian made them
};

}  // namespace sigmund::guard
