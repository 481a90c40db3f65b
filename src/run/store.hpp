// SPDX-License-Identifier: Apache-2.0
// The folder of records and logs. Any store is safe to read: one that is corrupt, hostile, huge, reached through a
// link, another user's, or absent. Only the holder of ID.lock writes or removes the files of an id.
// Only src/run knows the layout of the folder. Other code names a file by its id and its kind.
//
//   store_open     finding, opening and making the folder
//   store_ids      which ids there are, and how a new one is reserved
//   store_overview which of them may be live, and which are the newest
//   store_records  reading and writing records
//   store_locks    which process holds an id, and removing the files of an id
//   store_logs     logs, and files that belong to an id
//   store_sockets  control sockets
//   store_names    which run has a name (run/name_claim: which start is about to get it)
//   port_lock      which ports are reserved
#pragma once
#include <unistd.h>

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "run/file_names.hpp"
#include "run/id_lock.hpp"
#include "run/leader_draft.hpp"
#include "run/scoped_name.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::run {

// A new id. Its lock is held, and its log is open for appending, unless the log is elsewhere.
struct Reservation {
    std::string id;
    IdLock lock;
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

struct FolderIds;
struct MachineText;

enum class Read : std::uint8_t { ok, absent, corrupt };

// An id and the names of all its files, sorted.
struct FilesOfId {
    std::string id;
    std::vector<std::string> files;
};

// What can be told about the runs without reading their records.
struct Overview {
    std::vector<std::string> perhaps_live;  // first those with a guardian's socket
    std::vector<std::string> newest;        // of those that are over: the ones that were written last
    std::size_t others = 0;                 // how many more are over
    std::vector<std::string> other_ids;     // theirs, unless they are too many
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
    // Returns whether the folder was removed while it was open here.
    bool removed() const noexcept;
    // Returns whether both are the same folder, whatever their paths are.
    bool same_as(const Store& other) const noexcept;
    // Adds the descriptors of this store to those that a new process keeps.
    void append_to(std::vector<int>& kept) const { kept.push_back(dir_.get()); }

    // Reserves an id that no run has. Its lock file is new, locked and still has its name; ID.log is new,
    // too. Throws Failure or std::system_error.
    Reservation reserve(bool with_log) const;
    // Gives the id of each record to `use`, while the folder is being read: first those with a guardian's
    // socket, as live runs have one, and otherwise in no order. The ids whose record is gone although a
    // guardian may live follow.
    void each_id(const std::function<void(const std::string& id)>& use) const;
    // Returns the same ids by what the folder and the times of the files tell. A guardian removes its socket when
    // the result of the run is written, so a run with a lock file (version 1 has none) and without a socket counts as
    // over. /proc/locks would tell more, but to read it takes milliseconds: the kernel waits for all processors.
    // The files that were not asked for their time until `until` (monotonic ms) count as old.
    Overview overview(std::size_t newest, std::size_t most_others = 0,
                      sys::Millis until = std::numeric_limits<sys::Millis>::max()) const;
    // Returns all ids that have any file in the store, sorted.
    std::vector<FilesOfId> files() const;

    // Reads one record. `record` must be fresh, and is filled when the answer is ok. Where the file is
    // damaged or gone, a live guardian is asked for the record (run/rescue.hpp) and writes it again.
    Read load(const std::string& id, Depth depth, Record& record) const;
    // Reads only the file. For the holder of the lock, and for the rescue itself.
    Read read(const std::string& id, Depth depth, Record& record) const;
    // Reads only the text of the file. It may be anything that fits into a record.
    Read read_text(const std::string& id, std::string& text) const;
    // Returns every readable record, in no order. The ids of corrupt ones are appended to `corrupt`.
    std::vector<Record> list(Depth depth, std::vector<std::string>* corrupt = nullptr) const;
    // Returns when the record of an id was last written, or nothing when there is none.
    std::optional<sys::Millis> written_ms(const std::string& id) const;
    // Writes ID.json as a whole. Returns 0 or errno; EBADF when the lock is empty, EOVERFLOW when the record is
    // longer than `limit`.
    int save(const Record& record, const IdLock& lock, sys::Durable durable,
             std::size_t limit = record_limit) const noexcept;
    // Writes ID.json without a sync. The returned descriptor must be fsynced later. It is empty with errno on
    // failure.
    sys::Fd save_unsynced(const Record& record, const IdLock& lock) const noexcept;

    // Returns the record of a start for its leader to write. `record` is complete except for the identity of
    // the leader. The lock is that of the record's id, and is held until the leader has executed.
    LeaderDraft draft(Record record, const IdLock& lock) const;
    // Returns whether a file that could be written here has room on the disk for certain. Where the server
    // of a network, or a program, decides later, only a sync tells.
    bool reserves_room() const noexcept;
    // Makes durable which files are in the folder. Returns 0 or errno.
    int sync_folder() const noexcept;
    // Makes the whole file system durable, for a record that is not open here. Returns 0 or errno.
    int sync_all() const noexcept;

    // Returns the current state of a file of an id, without following a link, or nothing when there is no
    // such file.
    std::optional<Stamp> stamp(const std::string& id, File file) const noexcept;
    std::string path_of(const std::string& id, File file) const { return path_of(file_name(id, file)); }
    // Removes one file of an id, if it is there.
    void drop(const std::string& id, File file) const noexcept;
    // Clears the place of a file of this id. A folder that is not empty may hold something of value, so it is
    // renamed.
    void clear_way(const std::string& id, File file) const;

    // Leaves a word (stop or kill) for a guardian that could not be asked. The guardian reads it before it
    // would start its command again. Returns 0 or errno.
    int leave_word(const std::string& id, const EndedBy& word) const noexcept;
    // Returns that word, or EndedBy::none.
    EndedBy word_left(const std::string& id) const;

    // Takes the lock of an id that no guardian and no launcher holds, for writing. The result is empty with
    // errno when the lock is held (EWOULDBLOCK), absent, or cannot be opened. With `make` a missing lock is
    // made, since records of version 1 have none.
    IdLock try_lock_id(const std::string& id, bool make) const;
    enum class Lock : std::uint8_t { held, free, missing };
    // Returns the state of ID.lock. While it is held, a guardian or a launcher lives.
    Lock lock_of(const std::string& id) const;
    bool id_locked(const std::string& id) const { return lock_of(id) == Lock::held; }
    // Returns whether ID.lock is still the open file `lock`, and was not removed or replaced.
    bool still_locked_by(const std::string& id, const IdLock& lock) const noexcept;
    // Removes the files of an id, its lock last. `files` come on top of the usual ones, such as rotated logs.
    // The caller holds ID.lock. Returns 0 or the first errno.
    int remove(const std::string& id, const IdLock& lock,
               std::span<const std::string> files = {}) const noexcept;

    // Opens a new log for appending. Empty with errno on failure; EEXIST when its name is taken.
    sys::Fd create_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Opens a log for appending, and makes it if it is missing. Empty with errno on failure.
    sys::Fd append_to_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Opens a run's log, or a part of it, for reading. It must be a regular file of the owner and is never
    // opened through a link. Empty with errno on failure.
    sys::Fd open_log(const Record& record, LogPart part = LogPart::whole, int number = 0) const;
    // Returns the size of the run's log, or nothing when open_log() could not open it.
    std::optional<std::int64_t> log_size(const Record& record) const;
    std::optional<std::int64_t> log_size(const MachineText& finished, const std::string& id) const;
    // Returns whether the log of that name is still the open file `log`.
    bool still_logs_to(const sys::Fd& log, const std::string& id, LogPart part,
                       int number = 0) const noexcept;
    void drop_log(const std::string& id, LogPart part, int number = 0) const noexcept;
    // Truncates the logs and their time indexes among these files of an id.
    void empty_logs(std::span<const std::string> files) const noexcept;
    std::string log_path(const std::string& id, LogPart part = LogPart::whole, int number = 0) const {
        return path_of(log_name(id, part, number));
    }
    // Opens the folder of the logs, for a process that rotates them. Empty with errno on failure.
    sys::Fd log_folder() const noexcept;

    // Returns a listening control socket. Throws std::system_error.
    sys::Fd listen(const std::string& id) const;
    // Listens in a folder that may have another path by now. Throws std::system_error.
    sys::Fd listen_in_moved(const std::string& id) const;
    // Connects to the guardian of an id. Empty with errno on failure: ECONNREFUSED when no process listens,
    // ENOENT when there is no socket, EAGAIN when `patience` (ms) ran out since many clients wait, EPERM when
    // the socket or its listener does not belong to the owner.
    sys::Fd connect(const std::string& id, sys::Millis patience) const noexcept;

    // The lock of a live run's name. When it could be taken, `lock` is set. Otherwise `holder` is the id of
    // the run that holds it, or for which a start with --replace has claimed it. It is empty when that is
    // unknown.
    struct NameLock {
        sys::Fd lock;
        std::string holder;
    };
    // Takes the lock of a name. Throws Failure or std::system_error when the file cannot be made or written.
    NameLock lock_name(const ScopedName& name, const std::string& id) const;
    // Returns the run whose guardian was killed before it could free the name, and which may still live, or
    // nothing when there is none.
    std::optional<std::string> name_left_by(const ScopedName& name) const;
    // Frees a name. Its file is removed while the lock is held, so that no litter is left.
    void unlock_name(const ScopedName& name, sys::Fd lock) const noexcept;
    // Frees a name whose holder `id` is over, and whose guardian is frozen and cannot free it. The caller has
    // claimed the name (NameClaim). When the guardian wakes it finds that the name is no longer its own.
    bool take_name_away(const ScopedName& name, const std::string& id) const noexcept;
    // Returns whether the file of a name is still the open file `lock`.
    bool still_named_by(const ScopedName& name, const sys::Fd& lock) const noexcept;
    // Returns the id that holds a name now, or nothing.
    std::optional<std::string> name_holder(const ScopedName& name) const;
    // Returns the name of the shared scope that an id holds now; empty when there is none.
    std::string shared_name_held_by(const std::string& id) const;
    // Removes the files of names that no process holds. The file stays if the run that signed it has that name and
    // `lives` returns true for its record.
    void sweep_names(const std::function<bool(Record holder)>& lives) const;

  private:
    friend class NameClaim;    // uses names/+NAME
    friend class PortLock;     // uses ports
    friend class ProjectGate;  // uses stacks/
    friend class ShellMarks;   // uses shells/
    friend class WaitingList;  // uses stacks/
    Store(std::string path, sys::Fd dir, uid_t owner)
        : path_(std::move(path)), dir_(std::move(dir)), owner_(owner) {}
    std::string path_of(const std::string& file) const { return path_ + '/' + file; }
    Read with_text(const std::string& id, const std::function<Read(std::string_view)>& use) const;
    // Returns the ids whose record is gone although a guardian may live.
    std::vector<std::string> guarded_without_record(const FolderIds& found) const;
    std::optional<std::string> signature_of(const std::string& file, bool locked) const;
    bool is_needed(const std::string& file, const std::function<bool(Record holder)>& lives) const;
    void make_names_folder() const;
    std::string path_;
    sys::Fd dir_;
    uid_t owner_;
};

// Returns the file name of a record, for messages: "7f3c2a.json".
std::string record_file(const std::string& id);
// Returns the id whose record this file is, or nothing when it is not the file of a record.
std::optional<std::string> id_of_record(std::string_view file);

}  // namespace sigmund::run
