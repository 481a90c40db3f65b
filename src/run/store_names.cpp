// SPDX-License-Identifier: Apache-2.0
// Which run has a name. The file of a name (run/file_names.hpp) contains the id of its holder, which keeps it locked.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "run/failure.hpp"
#include "run/folder_entries.hpp"
#include "run/id.hpp"
#include "run/name_claim.hpp"
#include "run/store.hpp"
#include "sys/error.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {

void Store::make_names_folder() const {
    if (::mkdirat(dir_.get(), names_folder, 0700) != 0 && errno != EEXIST)
        sys::fail(errno, "mkdir", path_of(names_folder));
}

Store::NameLock Store::lock_name(const ScopedName& name, const std::string& id) const {
    make_names_folder();
    const std::string relative = name_file(name);
    for (int attempt = 0; attempt < 20; ++attempt) {
        sys::Fd fd = sys::open_or_create_own(dir_.get(), relative.c_str(), O_RDWR);
        if (!fd) {
            const int error = errno;
            if (const char* why = sys::why_not_own(error))
                throw Failure(Exit::not_started, "not_started", path_of(relative) + ' ' + why, "remove it");
            sys::fail(error, "open", path_of(relative));
        }
        if (sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            if (!sys::still_named(fd.get(), dir_.get(), relative.c_str())) continue;
            if (::ftruncate(fd.get(), 0) != 0) sys::fail(errno, "truncate", relative);
            if (const int error = sys::write_all(fd.get(), id + '\n'); error != 0)
                sys::fail(error, "write", path_of(relative));
            // The claim is checked only now: a start that claims the name later finds this run as the holder.
            if (const auto claimant = NameClaim::claimant_of(*this, name); claimant && *claimant != id) {
                unlock_name(name, std::move(fd));
                return {sys::Fd(), *claimant};
            }
            return {std::move(fd), {}};
        }
        if (auto holder = name_holder(name)) return {sys::Fd(), *holder};
        ::usleep(1000);  // its holder has not signed it yet, or a reader asks for the holder
    }
    return {};
}

void Store::unlock_name(const ScopedName& name, sys::Fd lock) const noexcept {
    if (!lock) return;
    try {
        const std::string relative = name_file(name);
        if (sys::still_named(lock.get(), dir_.get(), relative.c_str()))
            ::unlinkat(dir_.get(), relative.c_str(), 0);
    } catch (...) {  // out of memory: the lock is freed nevertheless, and the empty file stays
    }
}

bool Store::take_name_away(const ScopedName& name, const std::string& id) const noexcept {
    try {
        if (name_holder(name) != id) return false;
        return ::unlinkat(dir_.get(), name_file(name).c_str(), 0) == 0;
    } catch (...) {
        return false;
    }
}

std::optional<std::string> Store::name_holder(const ScopedName& name) const {
    return signature_of(name_file(name), true);
}

std::optional<std::string> Store::name_left_by(const ScopedName& name) const {
    return signature_of(name_file(name), false);
}

std::optional<std::string> Store::signature_of(const std::string& file, bool locked) const {
    if (!present()) return std::nullopt;
    const sys::Fd fd = sys::open_own(dir_.get(), file.c_str(), O_RDONLY);
    if (!fd || sys::is_locked(fd.get()) != locked) return std::nullopt;
    std::string text;
    if (sys::read_all(fd.get(), text, 64) != 0) return std::nullopt;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (!is_id(text)) return std::nullopt;
    return text;
}

std::string Store::shared_name_held_by(const std::string& id) const {
    std::string found;
    each_entry(dir_.get(), names_folder, [&](std::string_view name) {
        if (found.empty() && is_name(name) && name_holder({std::string(name), ""}) == id) found = name;
    });
    return found;
}

bool Store::still_named_by(const ScopedName& name, const sys::Fd& lock) const noexcept {
    try {
        return sys::still_named(lock.get(), dir_.get(), name_file(name).c_str());
    } catch (...) {
        return true;  // out of memory: it is checked again later
    }
}

bool Store::is_needed(const std::string& file, const std::function<bool(Record holder)>& lives) const {
    const auto id = signature_of(file, false);
    Record record;
    return id && load(*id, Depth::full, record) == Read::ok && !record.name.empty() &&
           name_file(scoped_name(record)) == file && lives(std::move(record));
}

void Store::sweep_names(const std::function<bool(Record holder)>& lives) const {
    each_entry(dir_.get(), names_folder, [&](std::string_view entry) {
        if (entry[0] == '.') return;
        const std::string file = std::string(names_folder) + '/' + std::string(entry);
        if (is_needed(file, lives)) return;
        const sys::Fd fd = sys::open_own(dir_.get(), file.c_str(), O_RDWR);
        if (fd && sys::try_lock(fd.get(), sys::LockMode::exclusive) &&
            sys::still_named(fd.get(), dir_.get(), file.c_str()))
            ::unlinkat(dir_.get(), file.c_str(), 0);
    });
}

}  // namespace sigmund::run
