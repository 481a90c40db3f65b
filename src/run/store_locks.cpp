// SPDX-License-Identifier: Apache-2.0
// Which process holds an id, and how the files of an id are removed.
#include <fcntl.h>

#include <cerrno>

#include "run/store.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {

IdLock Store::try_lock_id(const std::string& id, bool make) const {
    const std::string name = file_name(id, File::lock);
    for (int attempt = 0; attempt < 3; ++attempt) {
        sys::Fd fd = make ? sys::open_or_create_own(dir_.get(), name.c_str(), O_RDWR)
                          : sys::open_own(dir_.get(), name.c_str(), O_RDWR);
        if (!fd) return IdLock();
        if (sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            if (sys::still_named(fd.get(), dir_.get(), name.c_str())) return IdLock(std::move(fd));
            continue;  // it was removed in between
        }
        ::usleep(1000);  // a reader may hold it shared for a moment, to ask for its state
    }
    errno = EWOULDBLOCK;
    return IdLock();
}

Store::Lock Store::lock_of(const std::string& id) const {
    const sys::Fd fd = sys::open_own(dir_.get(), file_name(id, File::lock).c_str(), O_RDONLY);
    if (!fd) return Lock::missing;
    return sys::is_locked(fd.get()) ? Lock::held : Lock::free;
}

bool Store::still_locked_by(const std::string& id, const IdLock& lock) const noexcept {
    try {
        return sys::still_named(lock.get(), dir_.get(), file_name(id, File::lock).c_str());
    } catch (...) {
        return true;  // out of memory: it is checked again later
    }
}

int Store::remove(const std::string& id, const IdLock& lock,
                  std::span<const std::string> files) const noexcept {
    if (!lock) return EBADF;
    int first = 0;
    const auto drop = [&](const std::string& name) {
        if (::unlinkat(dir_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
        const int error = errno;  // EISDIR for a folder; an empty one may be removed, too
        if (::unlinkat(dir_.get(), name.c_str(), AT_REMOVEDIR) != 0 && first == 0) first = error;
    };
    try {
        const std::string lock_file = file_name(id, File::lock);
        if (files.empty()) {
            for (const File file : {File::record, File::temporary, File::socket, File::notify, File::word})
                drop(file_name(id, file));
            for (const LogPart part : {LogPart::whole, LogPart::errors, LogPart::times})
                drop(log_name(id, part));
        } else {
            for (const std::string& name : files)
                if (name != lock_file) drop(name);
        }
        if (first == 0) drop(lock_file);
    } catch (...) {
        if (first == 0) first = ENOMEM;
    }
    return first;
}

}  // namespace sigmund::run
