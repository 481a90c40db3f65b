// SPDX-License-Identifier: Apache-2.0
// The folder of records and logs. Any store is safe to read: corrupt, hostile, huge, symlinked, foreign,
// absent. Only the holder of ID.lock writes or removes what belongs to an id.
#pragma once
#include <unistd.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "run/record.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::run {

// A new id, its lock held, its log open for appending (not opened when the log is elsewhere).
struct Reservation {
    std::string id;
    sys::Fd lock;
    sys::Fd log;
};

// Tells two files, and two states of one, apart.
struct Stamp {
    std::uint64_t dev = 0, ino = 0;
    std::int64_t size = 0, changed_ns = 0;  // st_ctim: also a chmod is a change
    bool same_file(const Stamp& other) const { return dev == other.dev && ino == other.ino; }
    bool operator==(const Stamp&) const = default;
};

enum class Read : std::uint8_t { ok, absent, corrupt };

// Beside the log itself: stderr of a split log, the N-th rotated log, the log of a split pool's worker N.
enum class LogPart : std::uint8_t { whole, errors, rotated, worker };

class Store {
  public:
    // $SIGMUND_STATE_DIR, else $XDG_STATE_HOME/sigmund, else ~/.local/state/sigmund. Throws Failure when none
    // of the variables is set; a relative path is taken from the current folder.
    static std::string default_path();

    // For reading: an absent folder is an empty store. Throws Failure when it cannot be opened, belongs to
    // another user, or is writable by others. Root may open another user's store that SIGMUND_STATE_DIR
    // names: from then on this process accesses every file with the rights of that user (sys/rights.hpp).
    static Store open(const std::string& path = default_path());
    static Store absent() { return {"", sys::Fd(), 0}; }
    // For a start: makes the folder, mode 0700, with its parents.
    static Store create(const std::string& path = default_path());

    bool present() const { return static_cast<bool>(dir_); }
    int dir() const { return dir_.get(); }
    const std::string& path() const { return path_; }
    // Whose records these are; files of others in the folder are not read.
    uid_t owner() const { return owner_; }
    bool foreign() const { return present() && owner_ != ::geteuid(); }
    std::string file_path(const std::string& name) const { return path_ + '/' + name; }
    std::string log_path(const std::string& id) const { return file_path(id + ".log"); }

    // must: a fresh id. Its lock file is new, locked and still named; ID.log is new too.
    Reservation reserve(bool with_log) const;

    // Gives the id of each record to `use`, in no order, while the folder is being read; after them those
    // whose record is gone, but a guardian may live.
    void each_id(const std::function<void(const std::string& id)>& use) const;
    // ask: one record. `record`, fresh when given, is filled when the answer is ok. Where the file is damaged
    // or gone, a guardian that lives is asked for it (run/rescue.hpp), which writes it again.
    Read load(const std::string& id, Depth depth, Record& record) const;
    // The same from the file alone: for whoever holds the lock, and for the rescue itself.
    Read read(const std::string& id, Depth depth, Record& record) const;
    // ask: a file in the store as it is now, links not followed; nothing when it is not there.
    std::optional<Stamp> stamp(const std::string& file) const noexcept;
    // ask: when the record of an id was last written, that is when it last changed; nothing when there is
    // none.
    std::optional<sys::Millis> written_ms(const std::string& id) const;
    // Every readable record, in no order. Names of corrupt ones (as file names) are appended to `corrupt`.
    std::vector<Record> list(Depth depth, std::vector<std::string>* corrupt = nullptr) const;
    // The names of all files in the store that belong to an id (record, log, lock, temporary...), sorted:
    // those of one id stand together.
    std::vector<std::string> files() const;

    // Writes ID.json whole. The caller holds ID.lock. Returns 0 or errno; EOVERFLOW when the record is longer
    // than `limit`.
    int save(const Record& record, sys::Durable durable, std::size_t limit = record_limit) const noexcept;
    // The same, renamed at once; the returned descriptor is to be fsynced later. Empty with errno on failure.
    sys::Fd save_unsynced(const Record& record) const noexcept;

    // ID.stop: a word for a guardian that could not be asked ("stop" or "kill"), which it reads before it
    // would start its command again. Returns 0 or errno.
    int leave_word(const std::string& id, EndedBy word) const noexcept;
    // That word, or none.
    EndedBy word_left(const std::string& id) const;

    // ask: the lock of an id that nobody holds (a guardian or a launcher), taken for writing; empty when held
    // (errno EWOULDBLOCK), absent, or not to be opened (errno). Made when it is missing and `make` is given:
    // version 1 records have none.
    sys::Fd try_lock_id(const std::string& id, bool make) const;
    // Whether somebody holds ID.lock: a guardian or a launcher lives.
    bool id_locked(const std::string& id) const;
    // ask: who holds ID.lock, if the file is there.
    enum class Lock : std::uint8_t { held, free, missing };
    Lock lock_of(const std::string& id) const;
    // Removes the files of an id, its lock last; `files` are more than the usual ones (rotated logs). The
    // caller holds ID.lock. Returns 0 or the first errno.
    int remove(const std::string& id, std::span<const std::string> files = {}) const noexcept;

    // The lock of a live run's name. Taken: the Fd is set. Else `holder` is the id of the run that holds it,
    // or for which a start with --replace has claimed it; empty when that is not known.
    struct NameLock {
        sys::Fd lock;
        std::string holder;
    };
    NameLock lock_name(const std::string& name, const std::string& id) const;
    // ask: the run whose guardian was killed before it could free the name; it may live.
    std::optional<std::string> name_left_by(const std::string& name) const;
    // Frees a name: its file is removed while the lock is held, so that no litter is left.
    void unlock_name(const std::string& name, sys::Fd lock) const noexcept;
    // Frees a name whose holder `id` is over and whose guardian cannot free it, since it is frozen. The
    // caller has claimed the name (NameClaim). When the guardian wakes it finds that the name is no longer
    // its own.
    bool take_name_away(const std::string& name, const std::string& id) const noexcept;
    // ask: the id that holds a name now.
    std::optional<std::string> name_holder(const std::string& name) const;
    // ask: the name that an id holds now; empty: none.
    std::string name_held_by(const std::string& id) const;

    // ask: the run's log, or a part of it, for reading: O_NOFOLLOW, a regular file of ours. Empty with errno.
    sys::Fd open_log(const Record& record, LogPart part = LogPart::whole, int number = 0) const;

  private:
    std::optional<std::string> signature_of(const std::string& name, bool locked) const;
    Store(std::string path, sys::Fd dir, uid_t owner)
        : path_(std::move(path)), dir_(std::move(dir)), owner_(owner) {}
    std::string path_;
    sys::Fd dir_;
    uid_t owner_;
};

// The file of a pool worker's own log.
std::string worker_log(const std::string& id, int worker);

// "7f3c2a.json" -> "7f3c2a"; nothing when the name is not of an id's file with that ending.
std::optional<std::string> id_of_file(std::string_view file, std::string_view ending);

}  // namespace sigmund::run
