// SPDX-License-Identifier: Apache-2.0
#include "run/store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include "run/failure.hpp"
#include "run/foreign_store.hpp"
#include "run/id.hpp"
#include "run/name_claim.hpp"
#include "run/rescue.hpp"
#include "run/verdict.hpp"
#include "sys/error.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"
#include "sys/procfs.hpp"
#include "sys/rights.hpp"

namespace sigmund::run {
namespace {

std::string absolute(std::string path) {
    if (!path.empty() && path[0] == '/') return path;
    char here[PATH_MAX];
    if (!::getcwd(here, sizeof here)) sys::fail(errno, "getcwd");
    return std::string(here) + '/' + path;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why, const std::string& hint) {
    throw Failure(Exit::usage, "store", "store " + path + ": " + why, hint);
}

void check_owner(const std::string& path, const struct stat& st) {
    if (st.st_uid != ::geteuid())
        refuse(path,
               "belongs to uid " + std::to_string(st.st_uid) + ", you are uid " + std::to_string(::geteuid()),
               "with sudo and a kept HOME, use `sudo -H`, or set SIGMUND_STATE_DIR to a folder of your own; "
               "root may name another user's store by SIGMUND_STATE_DIR, to act on the runs in it");
    if ((st.st_mode & 022) != 0) refuse(path, "is writable by others", "chmod 700 " + path);
}

void check_owner(const std::string& path, int dir) {
    struct stat st {};
    sys::check(::fstat(dir, &st), "stat", path);
    check_owner(path, st);
}

// Why a folder that is there does not open. Another user's is closed to us: that is the thing to tell.
[[noreturn]] void cannot_open(const std::string& path, int error) {
    if (error == ENOTDIR)
        refuse(path, "is not a folder", "set SIGMUND_STATE_DIR to a folder of your own, or move it away");
    struct stat st {};
    if (error == EACCES && ::stat(path.c_str(), &st) == 0) check_owner(path, st);
    sys::fail(error, "open store", path);
}

// Names in a folder; a copy of its descriptor is read, so that the caller's offset stays its own.
template <typename Each>
void each_entry(int dir, Each each) {
    const int copy = ::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return;
    DIR* handle = ::fdopendir(copy);
    if (!handle) {
        ::close(copy);
        return;
    }
    while (const dirent* entry = ::readdir(handle)) each(std::string_view(entry->d_name));
    ::closedir(handle);
}

// Whether a long file begins and ends as a record does: so a hostile one (a disk image, all zeros) is passed
// over without reading it.
bool framed_as_record(int fd, std::size_t size) {
    char edge[512];
    const auto text = [&](off_t at) {
        const ssize_t n = ::pread(fd, edge, sizeof edge, at);
        return std::string_view(edge, n > 0 ? static_cast<std::size_t>(n) : 0);
    };
    constexpr const char* blanks = " \t\r\n";
    const std::string_view first = text(0);
    const auto opening = first.find_first_not_of(blanks);
    if (opening == first.npos || first[opening] != '{') return false;
    const std::string_view last = text(static_cast<off_t>(size - sizeof edge));
    const auto closing = last.find_last_not_of(blanks);
    return closing != last.npos && last[closing] == '}';
}

// Whether a record that can be read cannot be true of a live run: its guardian is asked, if one lives.
bool doubtful(const Record& record) {
    if (is_final(record.state)) return false;
    static const std::string boot = sys::boot_id();
    const std::string& recorded = record.identity.boot_id;
    return !numbers_possible(record) || (!recorded.empty() && !boot.empty() && recorded != boot);
}

}  // namespace

std::string worker_log(const std::string& id, int worker) {
    return id + ".w" + std::to_string(worker) + ".log";
}

std::optional<std::string> id_of_file(std::string_view file, std::string_view ending) {
    if (file.size() <= ending.size() || !file.ends_with(ending)) return std::nullopt;
    file.remove_suffix(ending.size());
    if (!is_id(file)) return std::nullopt;
    return std::string(file);
}

std::string Store::default_path() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string(text ? text : "");
    };
    if (const std::string own = value("SIGMUND_STATE_DIR"); !own.empty()) return absolute(own);
    // A relative XDG path is invalid and ignored (XDG Base Directory Specification).
    if (const std::string xdg = value("XDG_STATE_HOME"); xdg.starts_with('/')) return xdg + "/sigmund";
    if (const std::string home = value("HOME"); !home.empty())
        return absolute(home) + "/.local/state/sigmund";
    throw Failure(Exit::usage, "store", "no place for the store: HOME is not set",
                  "set HOME, XDG_STATE_HOME or SIGMUND_STATE_DIR");
}

Store Store::open(const std::string& path) {
    const bool guest = root_names_store();
    sys::Fd dir = guest ? open_without_foreign_links(path)
                        : sys::Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir) {
        if (errno == ENOENT) return {path, sys::Fd(), ::geteuid()};
        if (guest && errno == ELOOP)
            refuse(path, "its path leads through a symbolic link that is not root's",
                   "name the folder itself: SIGMUND_STATE_DIR=$(readlink -f ...)");
        cannot_open(path, errno);
    }
    struct stat st {};
    sys::check(::fstat(dir.get(), &st), "stat", path);
    if (!guest || st.st_uid == ::geteuid() || (st.st_mode & 022) != 0)
        check_owner(path, st);
    else
        sys::access_files_as(st.st_uid, st.st_gid);
    return {path, std::move(dir), st.st_uid};
}

Store Store::create(const std::string& path) {
    sys::Fd dir(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir && errno == ENOENT) {
        for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
            const std::string part = path.substr(0, at);
            if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
                const int error = errno;
                if (::access(part.c_str(), X_OK) != 0) {  // an existing read-only parent is no obstacle
                    Failure failure(
                        Exit::not_started, "store",
                        "cannot make the store: mkdir " + part + ": " + sys::describe_errno(error),
                        "set SIGMUND_STATE_DIR to a folder you can write to");
                    throw failure;
                }
            }
            if (at == std::string::npos) break;
        }
        dir.reset(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    if (!dir) cannot_open(path, errno);
    check_owner(path, dir.get());
    return {path, std::move(dir), ::geteuid()};
}

Reservation Store::reserve(bool with_log) const {
    for (int attempt = 0; attempt < 64; ++attempt) {
        // 6 digits name 16 million runs; when they collide, the store is crowded: take longer ones.
        const std::size_t digits = attempt < 8 ? 6 : attempt < 16 ? 8 : 10;
        Reservation r;
        r.id = random_hex(digits / 2);
        const std::string lock_name = r.id + ".lock";
        r.lock = sys::create_own(dir_.get(), lock_name.c_str(), O_RDWR);
        if (!r.lock) {
            if (errno == EEXIST) continue;
            sys::fail(errno, "create", file_path(lock_name));
        }
        // A sweeper may have seen the new file before this lock: then its name is gone, and another id is
        // taken.
        try {
            sys::wait_lock(r.lock.get(), sys::LockMode::exclusive);
        } catch (const std::system_error&) {  // ENOLCK on a network file system
            ::unlinkat(dir_.get(), lock_name.c_str(), 0);
            throw;
        }
        if (!sys::still_named(r.lock.get(), dir_.get(), lock_name.c_str())) continue;
        if (::faccessat(dir_.get(), (r.id + ".json").c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            ::unlinkat(dir_.get(), lock_name.c_str(), 0);  // a record without a lock holds this id
            continue;
        }
        if (with_log) {
            const std::string log_name = r.id + ".log";
            r.log = sys::create_own(dir_.get(), log_name.c_str(), O_WRONLY | O_APPEND);
            if (!r.log) {
                const int error = errno;
                ::unlinkat(dir_.get(), lock_name.c_str(), 0);
                if (error == EEXIST) continue;
                sys::fail(error, "create", file_path(log_name));
            }
        }
        return r;
    }
    throw Failure(Exit::not_started, "store", "no free id was found in " + path_, "sigmund prune");
}

std::optional<sys::Millis> Store::written_ms(const std::string& id) const {
    struct stat st {};
    if (!present() || ::fstatat(dir_.get(), (id + ".json").c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    return static_cast<sys::Millis>(st.st_mtim.tv_sec) * 1000 + st.st_mtim.tv_nsec / 1'000'000;
}

std::optional<Stamp> Store::stamp(const std::string& file) const noexcept {
    struct stat st {};
    if (!present() || ::fstatat(dir_.get(), file.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    return Stamp{st.st_dev, st.st_ino, st.st_size,
                 static_cast<std::int64_t>(st.st_ctim.tv_sec) * 1'000'000'000 + st.st_ctim.tv_nsec};
}

Read Store::load(const std::string& id, Depth depth, Record& record) const {
    const Read answer = read(id, depth, record);
    if ((answer == Read::ok && !doubtful(record)) || !present() || !is_id(id)) return answer;
    Record told;
    if (!ask_guardian(*this, id, depth, told)) return answer;
    record = std::move(told);
    return Read::ok;
}

Read Store::read(const std::string& id, Depth depth, Record& record) const {
    if (!present() || !is_id(id)) return Read::absent;
    const std::string name = id + ".json";
    // O_NONBLOCK: a FIFO in a record's place must not hang anybody.
    const sys::Fd fd(
        ::openat(dir_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!fd) return errno == ENOENT ? Read::absent : Read::corrupt;
    struct stat st {};
    if (::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != owner_ ||
        st.st_size > static_cast<off_t>(record_limit))
        return Read::corrupt;
    char small[4096];  // most records fit; a listing of thousands then allocates nothing here
    std::string large;
    char* text = small;
    const auto size = static_cast<std::size_t>(st.st_size);
    if (size > sizeof small) {
        if (!framed_as_record(fd.get(), size)) return Read::corrupt;
        large.resize(size);
        text = large.data();
    }
    std::size_t have = 0;
    while (have < size) {
        const ssize_t n = ::read(fd.get(), text + have, size - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    if (depth != Depth::head || have == 0 || text[have - 1] != '\n' ||
        !scan_finished_head({text, have}, id, record)) {
        auto parsed = parse_record({text, have}, id, depth);
        if (!parsed) return Read::corrupt;
        record = std::move(*parsed);
    }
    if (depth == Depth::full && record.log.empty()) record.log = log_path(id);
    return Read::ok;
}

void Store::each_id(const std::function<void(const std::string&)>& use) const {
    if (!present()) return;
    // An id has at most 10 hex digits: with a 1 in front it is a number.
    const auto number = [](const std::string& id) { return std::strtoull(("1" + id).c_str(), nullptr, 16); };
    std::vector<unsigned long long> recorded, others;
    each_entry(dir_.get(), [&](std::string_view name) {
        if (const auto id = id_of_file(name, ".json")) {
            recorded.push_back(number(*id));
            use(*id);
        } else if (const auto other = id_of_file(name, ".lock")) {
            others.push_back(number(*other));
        } else if (const auto socket = id_of_file(name, ".sock")) {
            others.push_back(number(*socket));
        }
    });
    std::sort(recorded.begin(), recorded.end());
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    for (const auto each : others) {
        if (std::binary_search(recorded.begin(), recorded.end(), each)) continue;
        char id[24];
        std::snprintf(id, sizeof id, "%llx", each);
        if (guardian_may_live(*this, id + 1)) use(id + 1);
    }
}

std::vector<Record> Store::list(Depth depth, std::vector<std::string>* corrupt) const {
    std::vector<std::string> ids;
    each_id([&](const std::string& id) { ids.push_back(id); });
    std::vector<Record> out;
    out.reserve(ids.size());  // records are large: they are not moved once read
    for (const std::string& id : ids) {
        const Read answer = load(id, depth, out.emplace_back());
        if (answer == Read::ok) continue;
        out.pop_back();
        if (answer == Read::corrupt && corrupt) corrupt->push_back(id + ".json");
    }
    return out;
}

std::vector<std::string> Store::files() const {
    std::vector<std::string> out;
    if (!present()) return out;
    each_entry(dir_.get(), [&](std::string_view name) {
        if (is_id(name.substr(0, name.find('.'))) && name.find('.') != name.npos) out.emplace_back(name);
    });
    std::sort(out.begin(), out.end());  // '.' sorts before any digit: the files of an id stand together
    return out;
}

int Store::save(const Record& record, sys::Durable durable, std::size_t limit) const noexcept {
    try {
        const std::string text = write_record(record);
        if (text.size() > limit) return EOVERFLOW;
        return sys::replace_file(dir_.get(), (record.id + ".json").c_str(), (record.id + ".tmp").c_str(),
                                 text, durable);
    } catch (...) {
        return ENOMEM;
    }
}

sys::Fd Store::save_unsynced(const Record& record) const noexcept {
    try {
        const std::string text = write_record(record);
        if (text.size() > record_limit) {
            errno = EOVERFLOW;
            return sys::Fd();
        }
        return sys::replace_file_unsynced(dir_.get(), (record.id + ".json").c_str(),
                                          (record.id + ".tmp").c_str(), text);
    } catch (...) {
        errno = ENOMEM;
        return sys::Fd();
    }
}

// The lock is not needed: a whole file appears under its name at once, and any such word means the same.
int Store::leave_word(const std::string& id, EndedBy word) const noexcept {
    try {
        return sys::replace_file(dir_.get(), (id + ".stop").c_str(),
                                 (id + ".stop." + std::to_string(::getpid())).c_str(), word.str(),
                                 sys::Durable::no);
    } catch (...) {
        return ENOMEM;
    }
}

EndedBy Store::word_left(const std::string& id) const {
    const sys::Fd fd = sys::open_own(dir_.get(), (id + ".stop").c_str(), O_RDONLY);
    struct stat st {};
    std::string word;
    if (!fd || ::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != owner_ ||
        sys::read_all(fd.get(), word, 64) != 0)
        return {};
    return EndedBy(word);
}

sys::Fd Store::try_lock_id(const std::string& id, bool make) const {
    const std::string name = id + ".lock";
    for (int attempt = 0; attempt < 3; ++attempt) {
        sys::Fd fd = make ? sys::open_or_create_own(dir_.get(), name.c_str(), O_RDWR)
                          : sys::open_own(dir_.get(), name.c_str(), O_RDWR);
        if (!fd) return fd;
        if (sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            if (sys::still_named(fd.get(), dir_.get(), name.c_str())) return fd;
            continue;  // another sweeper removed it in between
        }
        ::usleep(1000);  // a reader may hold it shared for the blink of asking
    }
    errno = EWOULDBLOCK;
    return sys::Fd();
}

Store::Lock Store::lock_of(const std::string& id) const {
    const sys::Fd fd = sys::open_own(dir_.get(), (id + ".lock").c_str(), O_RDONLY);
    if (!fd) return Lock::missing;
    return sys::is_locked(fd.get()) ? Lock::held : Lock::free;
}

bool Store::id_locked(const std::string& id) const {
    return lock_of(id) == Lock::held;
}

int Store::remove(const std::string& id, std::span<const std::string> files) const noexcept {
    int first = 0;
    const auto drop = [&](const std::string& name) {
        if (::unlinkat(dir_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
        const int error = errno;  // of a folder EISDIR; an empty one is nothing to keep
        if (::unlinkat(dir_.get(), name.c_str(), AT_REMOVEDIR) != 0 && first == 0) first = error;
    };
    try {
        const std::string lock = id + ".lock";
        if (files.empty()) {
            for (const char* ending : {".json", ".tmp", ".log", ".err", ".sock", ".notify", ".stop"})
                drop(id + ending);
        } else {
            for (const std::string& name : files)
                if (name != lock) drop(name);
        }
        if (first == 0) drop(lock);
    } catch (...) {
        if (first == 0) first = ENOMEM;
    }
    return first;
}

Store::NameLock Store::lock_name(const std::string& name, const std::string& id) const {
    if (::mkdirat(dir_.get(), "names", 0700) != 0 && errno != EEXIST)
        sys::fail(errno, "mkdir", file_path("names"));
    const std::string relative = "names/" + name;
    for (int attempt = 0; attempt < 20; ++attempt) {
        sys::Fd fd = sys::open_or_create_own(dir_.get(), relative.c_str(), O_RDWR);
        if (!fd) {
            const int error = errno;
            if (const char* why = sys::why_not_own(error))
                throw Failure(Exit::not_started, "not_started", file_path(relative) + ' ' + why, "remove it");
            sys::fail(error, "open", file_path(relative));
        }
        if (sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            if (!sys::still_named(fd.get(), dir_.get(), relative.c_str())) continue;
            if (::ftruncate(fd.get(), 0) != 0) sys::fail(errno, "truncate", relative);
            if (const int error = sys::write_all(fd.get(), id + '\n'); error != 0)
                sys::fail(error, "write", file_path(relative));
            // Looked at only now: a start that claims the name later finds this one as the holder.
            if (const auto claimant = claimant_of(*this, name); claimant && *claimant != id) {
                unlock_name(name, std::move(fd));
                return {sys::Fd(), *claimant};
            }
            return {std::move(fd), {}};
        }
        if (auto holder = name_holder(name)) return {sys::Fd(), *holder};
        ::usleep(1000);  // held, but its holder has not signed yet; or a reader asks
    }
    return {};
}

void Store::unlock_name(const std::string& name, sys::Fd lock) const noexcept {
    if (!lock) return;
    try {
        const std::string relative = "names/" + name;
        if (sys::still_named(lock.get(), dir_.get(), relative.c_str()))
            ::unlinkat(dir_.get(), relative.c_str(), 0);
    } catch (...) {  // out of memory: the lock is freed all the same, the empty file stays
    }
}

bool Store::take_name_away(const std::string& name, const std::string& id) const noexcept {
    try {
        if (name_holder(name) != id) return false;
        return ::unlinkat(dir_.get(), ("names/" + name).c_str(), 0) == 0;
    } catch (...) {
        return false;
    }
}

std::optional<std::string> Store::name_holder(const std::string& name) const {
    return signature_of(name, true);
}

std::optional<std::string> Store::name_left_by(const std::string& name) const {
    return signature_of(name, false);
}

std::optional<std::string> Store::signature_of(const std::string& name, bool locked) const {
    if (!present()) return std::nullopt;
    const sys::Fd fd = sys::open_own(dir_.get(), ("names/" + name).c_str(), O_RDONLY);
    if (!fd || sys::is_locked(fd.get()) != locked) return std::nullopt;
    std::string text;
    if (sys::read_all(fd.get(), text, 64) != 0) return std::nullopt;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (!is_id(text)) return std::nullopt;
    return text;
}

std::string Store::name_held_by(const std::string& id) const {
    const sys::Fd names(::openat(dir_.get(), "names", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    std::string found;
    if (!names) return found;
    each_entry(names.get(), [&](std::string_view name) {
        if (found.empty() && is_name(name) && name_holder(std::string(name)) == id) found = name;
    });
    return found;
}

sys::Fd Store::open_log(const Record& record, LogPart part, int number) const {
    std::string ending;
    switch (part) {
        case LogPart::whole:
            break;
        case LogPart::errors:
            ending = ".err";
            break;
        case LogPart::rotated:
            ending = '.' + std::to_string(number);
            break;
        case LogPart::worker:
            ending = worker_log(record.id, number).substr(record.id.size());
            break;
    }
    // Only a log given by the user, or an old record's, lies elsewhere; all other paths come from the id.
    const bool elsewhere = record.log_external || record.version < record_version;
    if (part == LogPart::errors || part == LogPart::worker)
        return sys::open_own(dir_.get(), (record.id + ending).c_str(), O_RDONLY);
    if (elsewhere) return sys::open_own(AT_FDCWD, (record.log + ending).c_str(), O_RDONLY);
    return sys::open_own(dir_.get(), (record.id + ".log" + ending).c_str(), O_RDONLY);
}

}  // namespace sigmund::run
