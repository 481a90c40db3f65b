// SPDX-License-Identifier: Apache-2.0
// Logs, and the other files that belong to an id.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "run/machine_text.hpp"
#include "run/store.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {

std::optional<Stamp> Store::stamp(const std::string& id, File file) const noexcept {
    try {
        struct stat st {};
        if (!present() || ::fstatat(dir_.get(), file_name(id, file).c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
            return std::nullopt;
        return Stamp{st.st_dev, st.st_ino, st.st_size,
                     static_cast<std::int64_t>(st.st_ctim.tv_sec) * 1'000'000'000 + st.st_ctim.tv_nsec};
    } catch (...) {
        return std::nullopt;
    }
}

void Store::drop(const std::string& id, File file) const noexcept {
    try {
        ::unlinkat(dir_.get(), file_name(id, file).c_str(), 0);
    } catch (...) {  // out of memory: it stays, and prune finds it
    }
}

void Store::clear_way(const std::string& id, File file) const {
    const int dir = dir_.get();
    const std::string name = file_name(id, file);
    if (::unlinkat(dir, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (::unlinkat(dir, name.c_str(), AT_REMOVEDIR) == 0) return;
    for (int i = 1; i < 100; ++i) {
        // The new name does not begin with an id, so it belongs to no run, and prune never touches it.
        const std::string aside = "damaged." + name + '.' + std::to_string(i);
        if (::renameat(dir, name.c_str(), dir, aside.c_str()) == 0 || errno == ENOENT) return;
    }
}

// No lock is needed: the whole file appears under its name at once, and any such word has the same meaning.
int Store::leave_word(const std::string& id, const EndedBy& word) const noexcept {
    try {
        const std::string name = file_name(id, File::word);
        return sys::replace_file(dir_.get(), name.c_str(), (name + '.' + std::to_string(::getpid())).c_str(),
                                 word.str(), sys::Durable::no);
    } catch (...) {
        return ENOMEM;
    }
}

EndedBy Store::word_left(const std::string& id) const {
    const sys::Fd fd = sys::open_own(dir_.get(), file_name(id, File::word).c_str(), O_RDONLY);
    struct stat st {};
    std::string word;
    if (!fd || ::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != owner_ ||
        sys::read_all(fd.get(), word, 64) != 0)
        return {};
    return EndedBy(word);
}

sys::Fd Store::create_log(const std::string& id, LogPart part, int number) const noexcept {
    try {
        return sys::create_own(dir_.get(), log_name(id, part, number).c_str(), O_WRONLY | O_APPEND);
    } catch (...) {
        errno = ENOMEM;
        return sys::Fd();
    }
}

sys::Fd Store::append_to_log(const std::string& id, LogPart part, int number) const noexcept {
    try {
        return sys::open_or_create_own(dir_.get(), log_name(id, part, number).c_str(), O_WRONLY | O_APPEND);
    } catch (...) {
        errno = ENOMEM;
        return sys::Fd();
    }
}

sys::Fd Store::open_log(const Record& record, LogPart part, int number) const {
    // Only a log given by the user, or that of an old record, is in another folder. All other paths come from
    // the id.
    const bool elsewhere = record.log_external || record.version < record_version;
    if (!elsewhere || (part != LogPart::whole && part != LogPart::rotated))
        return sys::open_own(dir_.get(), log_name(record.id, part, number).c_str(), O_RDONLY);
    const std::string ending = part == LogPart::rotated ? '.' + std::to_string(number) : "";
    return sys::open_own(AT_FDCWD, (record.log + ending).c_str(), O_RDONLY);
}

std::optional<std::int64_t> Store::log_size(const Record& record) const {
    struct stat st {};
    const sys::Fd log = open_log(record);
    if (!log || ::fstat(log.get(), &st) != 0) return std::nullopt;
    return st.st_size;
}

std::optional<std::int64_t> Store::log_size(const MachineText& finished, const std::string& id) const {
    struct stat st {};
    // A regular file of the owner that he may read can be opened.
    if (!finished.log_external &&
        ::fstatat(dir_.get(), log_name(id, LogPart::whole, 0).c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(st.st_mode) && st.st_uid == owner_ && (st.st_mode & S_IRUSR) != 0)
        return st.st_size;
    Record record;
    record.id = id;
    record.log = finished.log;
    record.log_external = finished.log_external;
    return log_size(record);
}

bool Store::still_logs_to(const sys::Fd& log, const std::string& id, LogPart part,
                          int number) const noexcept {
    try {
        return sys::still_named(log.get(), dir_.get(), log_name(id, part, number).c_str());
    } catch (...) {
        return true;  // out of memory: it is checked again later
    }
}

void Store::drop_log(const std::string& id, LogPart part, int number) const noexcept {
    try {
        ::unlinkat(dir_.get(), log_name(id, part, number).c_str(), 0);
    } catch (...) {  // out of memory: it stays, and prune finds it
    }
}

void Store::empty_logs(std::span<const std::string> files) const noexcept {
    for (const std::string& file : files) {
        if (file.find(".log") == std::string::npos && file.find(".times") == std::string::npos) continue;
        const sys::Fd log(sys::open_own(dir_.get(), file.c_str(), O_WRONLY));
        if (log) (void)!::ftruncate(log.get(), 0);
    }
}

sys::Fd Store::log_folder() const noexcept {
    return sys::Fd(::fcntl(dir_.get(), F_DUPFD_CLOEXEC, 3));
}

}  // namespace sigmund::run
