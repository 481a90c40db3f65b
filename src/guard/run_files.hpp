// SPDX-License-Identifier: Apache-2.0
// The files of a run in the store, which others may damage, replace or remove while the run lives: its
// record, its two locks, its socket and its marks. The guardian looks at them when it is asked something and
// before it writes. That is a few calls of fstat(2), so that an idle guardian stays asleep.
#pragma once
#include <optional>
#include <string>

#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/file.hpp"

namespace sigmund::guard {

class RunFiles {
  public:
    RunFiles(run::Store store, std::string id, sys::Fd lock, sys::Fd name_lock);

    const run::Store& store() const { return store_; }

    // Writes the record whole. What stands in its place is moved out of the way. Returns 0 or errno;
    // EOVERFLOW when the record is longer than `limit`.
    int write(const run::Record& record, sys::Durable durable, std::size_t limit = run::record_limit);
    // The same, renamed at once; the returned descriptor is to be synced later. Empty with errno on failure.
    sys::Fd write_unsynced(const run::Record& record);
    // Whether the record is on the disk as this guardian wrote it last.
    bool record_intact() const;
    // Whether the store's folder has been removed, and no other one was made in its place. None is made here:
    // whoever removes the store may mean it.
    bool folder_gone();

    // Takes the locks again and makes the socket again where somebody has removed them. Returns a new
    // listening socket, or none when the old one is in its place. Where there is no room or no descriptor,
    // the next call tries again.
    sys::Fd mend(const std::string& name);
    // The socket was made by the launcher: from now on it is known.
    void remember_socket();
    void remove_socket();

    // The lock of another name, or none, instead of the present one; that one is returned.
    sys::Fd change_name_lock(sys::Fd lock);
    void free_name(const std::string& name);
    // The shell that started the run reads from this mark at its next prompt that the run is over.
    void mark_done(const std::string& shell) const;
    // The word of a stop that was made without this guardian; take_word() also removes it.
    run::EndedBy word_left() const { return store_.word_left(id_); }
    run::EndedBy take_word() const;
    // Removes everything that belongs to the run.
    void remove_all();

  private:
    void remember_record();
    void mend_locks(const std::string& name);

    run::Store store_;
    std::string id_;
    sys::Fd lock_, name_lock_;
    std::optional<run::Stamp> record_seen_, socket_seen_;  // as this guardian made them
};

}  // namespace sigmund::guard
