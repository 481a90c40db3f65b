// SPDX-License-Identifier: Apache-2.0
// The folder of records and logs. Any store is safe to read: one that is corrupt, hostile, huge, behind a
// link, another user's, or absent. Only the holder of ID.lock writes or removes what belongs to an id.
// The layout of the folder is known to src/run alone: others name a file by its id and its kind.
//
//   store_open     finding, opening and making the folder
//   store_ids      which ids there are; a new one
//   store_records  reading and writing records
//   store_locks    who holds an id; removing what belongs to it
//   store_logs     logs, and files that belong to an id
//   store_sockets  control sockets
//   store_names    which run has a name (run/name_claim: which start is about to get it)
#pragma once
#include <unistd.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "run/file_names.hpp"
#include "run/record.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::run {

// A new id. Its lock is held, and its log is open for appending, unless the log is elsewhere.
struct Reservation {
    std::string id;
    sys::Fd lock;
    sys::Fd log;
};

// Tells two files apart, and two states of one file.
struct Stamp {
    std::uint64_t dev = 0, ino = 0;
    std::int64_t size = 0, changed_ns = 0;  // st_ctim: a chmod is a change, too
    // A later file may get the number of a removed one, but it has another time.
    bool same_file(const Stamp& other) const {
        return dev == other.dev && ino == other.ino && changed_ns == other.changed_ns;
    }
    bool operator==(const Stamp&) const = default;
};

enum class Read : std::uint8_t { ok, absent, corrupt };

// An id and the names of all its files, sorted.
struct FilesOfId {
    std::string id;
    std::vector<std::string> files;
};

class Store {
  public:
    // $SIGMUND_STATE_DIR, else $XDG_STATE_HOME/sigmund, else ~/.local/state/sigmund. Throws Failure when none
    // of the variables is set. A relative path is taken from the current folder.
    static std::string default_path();

    // For reading: an absent folder is an empty store. Throws Failure when the folder cannot be opened,
    // belongs to another user, or is writable by others. Root may open another user's store that
    // SIGMUND_STATE_DIR names: from then on this process accesses every file with the rights of that user
    // (sys/rights.hpp).
    static Store open(const std::string& path = default_path());
    static Store absent() { return {"", sys::Fd(), 0}; }
    // For a start: makes the folder, mode 0700, with its parents. Throws Failure or std::system_error.
    static Store create(const std::string& path = default_path());

    bool present() const { return static_cast<bool>(dir_); }
    const std::string& path() const { return path_; }
    // The user whose records these are. Files of other users in the folder are not read.
    uid_t owner() const { return owner_; }
    bool foreign() const { return present() && owner_ != ::geteuid(); }
    // Whether somebody has removed the folder while it was open here.
    bool removed() const noexcept;
    // Adds the descriptors of this store to those that a new process keeps.
    void append_to(std::vector<int>& kept) const { kept.push_back(dir_.get()); }

    // Reserves an id that nobody has. Its lock file is new, locked and still named; ID.log is new, too.
    // Throws Failure or std::system_error.
    Reservation reserve(bool with_log) const;
    // Gives the id of each record to `use`, in no order, but those with a guardian's socket first, as live
    // runs have one; then the ids whose record is gone although a guardian may live.
    void each_id(const std::function<void(const std::string& id)>& use) const;
    // All ids that have any file in the store, sorted.
    std::vector<FilesOfId> files() const;

    // Reads one record. `record`, fresh when given, is filled when the answer is ok. Where the file is
    // damaged or gone, a guardian that lives is asked for it (run/rescue.hpp), and writes it again.
    Read load(const std::string& id, Depth depth, Record& record) const;
    // The same from the file alone: for the holder of the lock, and for the rescue itself.
    Read read(const std::string& id, Depth depth, Record& record) const;
    // Every readable record, in no order. The ids of corrupt ones are appended to `corrupt`.
    std::vector<Record> list(Depth depth, std::vector<std::string>* corrupt = nullptr) const;
    // When the record of an id was last written; nothing when there is none.
    std::optional<sys::Millis> written_ms(const std::string& id) const;
    // Writes ID.json as a whole. The caller holds ID.lock. Returns 0 or errno; EOVERFLOW when the record is
    // longer than `limit`.
    int save(const Record& record, sys::Durable durable, std::size_t limit = record_limit) const noexcept;
    // The same without a sync: the returned descriptor is to be fsynced later. Empty with errno on failure.
    sys::Fd save_unsynced(const Record& record) const noexcept;

    // A file of an id as it is now, links not followed; nothing when it is not there.
    std::optional<Stamp> stamp(const std::string& id, File file) const noexcept;
    std::string path_of(const std::string& id, File file) const { return path_of(file_name(id, file)); }
    // Removes one file of an id, if it is there.
    void drop(const std::string& id, File file) const noexcept;
    // Removes what sits in the place of a file of this id. A folder that is not empty may be somebody's: it
    // is renamed.
    void clear_way(const std::string& id, File file) const;

    // Leaves a word (stop or kill) for a guardian that could not be asked: the guardian reads it before
    // it would start its command again. Returns 0 or errno.
    int leave_word(const std::string& id, EndedBy word) const noexcept;
    // Returns that word, or none.
    EndedBy word_left(const std::string& id) const;

    // Takes the lock of an id that no guardian and no launcher holds, for writing. Empty with errno when it
    // is held (EWOULDBLOCK), absent, or cannot be opened. With `make` a missing one is made: records of
    // version 1 have none.
    sys::Fd try_lock_id(const std::string& id, bool make) const;
    enum class Lock : std::uint8_t { held, free, missing };
    // Whether somebody holds ID.lock: then a guardian or a launcher lives.
    Lock lock_of(const std::string& id) const;
    bool id_locked(const std::string& id) const { return lock_of(id) == Lock::held; }
    // Whether ID.lock still is the file behind `lock`: nobody has removed or replaced it.
    bool still_locked_by(const std::string& id, const sys::Fd& lock) const noexcept;
    // Removes the files of an id, its lock last. `files` are more than the usual ones, such as rotated logs.
    // The caller holds ID.lock. Returns 0 or the first errno.
    int remove(const std::string& id, std::span<const std::string> files = {}) const noexcept;

    // Opens a new log for appending. Empty with errno; EEXIST when something has its name.
    sys::Fd create_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Opens a log for appending, and makes it where it is missing. Empty with errno.
    sys::Fd append_to_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Opens a run's log, or a part of it, for reading: never through a link, a regular file of the owner's.
    // Empty with errno.
    sys::Fd open_log(const Record& record, LogPart part = LogPart::whole, int number = 0) const;
    // Whether the log of that name still is the file behind `log`.
    bool still_logs_to(const sys::Fd& log, const std::string& id, LogPart part,
                       int number = 0) const noexcept;
    void drop_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Makes the logs among these files of an id empty.
    void empty_logs(std::span<const std::string> files) const noexcept;
    std::string log_path(const std::string& id, LogPart part = LogPart::whole, int number = 0) const {
        return path_of(log_name(id, part, number));
    }
    // The folder of the logs, for a process that rotates them; empty with errno.
    sys::Fd log_folder() const noexcept;

    // A listening control socket. Throws std::system_error.
    sys::Fd listen(const std::string& id) const;
    // The same where the folder may have another path by now.
    sys::Fd listen_in_moved(const std::string& id) const;
    // Connects to the guardian of an id. Empty with errno: ECONNREFUSED when nobody listens, ENOENT when
    // there is no socket, EAGAIN when so many wait to be let in that `patience` (ms) ran out, EPERM when the
    // socket or its listener is not the owner's.
    sys::Fd connect(const std::string& id, sys::Millis patience) const noexcept;

    // The lock of a live run's name. When it could be taken, `lock` is set. Otherwise `holder` is the id of
    // the run that holds it, or for which a start with --replace has claimed it; empty when that is unknown.
    struct NameLock {
        sys::Fd lock;
        std::string holder;
    };
    // Throws Failure or std::system_error when the file cannot be made or written.
    NameLock lock_name(const std::string& name, const std::string& id) const;
    // The run whose guardian was killed before it could free the name, and which may live; nothing when there
    // is none.
    std::optional<std::string> name_left_by(const std::string& name) const;
    // Frees a name: its file is removed while the lock is held, so that no litter is left.
    void unlock_name(const std::string& name, sys::Fd lock) const noexcept;
    // Frees a name whose holder `id` is over, and whose guardian is frozen and cannot free it. The caller has
    // claimed the name (NameClaim). When the guardian wakes it finds that the name is no longer its own.
    bool take_name_away(const std::string& name, const std::string& id) const noexcept;
    // Whether the file of a name still is the one behind `lock`.
    bool still_named_by(const std::string& name, const sys::Fd& lock) const noexcept;
    // The id that holds a name now, and the name that an id holds now; nothing, and empty, when there is
    // none.
    std::optional<std::string> name_holder(const std::string& name) const;
    std::string name_held_by(const std::string& id) const;
    // Removes the files of names that nobody holds, except those that `needed` wants to stay.
    void sweep_names(const std::function<bool(const std::string& name)>& needed) const;

  private:
    friend class NameClaim;   // names/+NAME
    friend class ShellMarks;  // shells/
    Store(std::string path, sys::Fd dir, uid_t owner)
        : path_(std::move(path)), dir_(std::move(dir)), owner_(owner) {}
    std::string path_of(const std::string& file) const { return path_ + '/' + file; }
    std::optional<std::string> signature_of(const std::string& name, bool locked) const;
    void make_names_folder() const;
    std::string path_;
    sys::Fd dir_;
    uid_t owner_;
};

// The file name of a record, for messages: "7f3c2a.json".
std::string record_file(const std::string& id);
// The id whose record this file is; nothing when it is no record's file.
std::optional<std::string> id_of_record(std::string_view file);

}  // namespace sigmund::run
