// SPDX-License-Identifier: Apache-2.0
#include "run/name_claim.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "run/id.hpp"
#include "sys/error.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {
NameClaim& NameClaim::operator=(NameClaim&& other) noexcept {
    if (this != &other) {
        release();
        dir_ = other.dir_;
        file_ = std::move(other.file_);
        lock_ = std::move(other.lock_);
    }
    return *this;
}

NameClaim NameClaim::try_take(const Store& store, const ScopedName& name, const std::string& id) {
    store.make_names_folder();
    const int dir = store.dir_.get();
    const std::string file = claim_file(name);
    const std::string shown = store.path_of(file);
    // This is tried a few times, since a reader or a sweeper locks the file for a moment to ask for the
    // holder.
    for (int attempt = 0; attempt < 3; ++attempt) {
        sys::Fd fd = sys::open_or_create_own(dir, file.c_str(), O_RDWR);
        if (!fd) sys::fail(errno, "open", shown);
        if (!sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            ::usleep(1000);
            continue;
        }
        if (!sys::still_named(fd.get(), dir, file.c_str())) continue;
        NameClaim claim;
        claim.dir_ = dir;
        claim.file_ = file;
        claim.lock_ = std::move(fd);
        if (::ftruncate(claim.lock_.get(), 0) != 0) sys::fail(errno, "truncate", shown);
        if (const int error = sys::write_all(claim.lock_.get(), id + '\n'); error != 0)
            sys::fail(error, "write", shown);
        return claim;
    }
    return {};
}

void NameClaim::release() noexcept {
    if (!lock_) return;
    if (sys::still_named(lock_.get(), dir_, file_.c_str())) ::unlinkat(dir_, file_.c_str(), 0);
    lock_.reset();
}

std::optional<std::string> NameClaim::claimant_of(const Store& store, const ScopedName& name) {
    if (!store.present()) return std::nullopt;
    for (int attempt = 0; attempt < 20; ++attempt) {
        const sys::Fd fd = sys::open_own(store.dir_.get(), claim_file(name).c_str(), O_RDONLY);
        if (!fd || !sys::is_locked(fd.get())) return std::nullopt;
        std::string text;
        if (sys::read_all(fd.get(), text, 64) != 0) return std::nullopt;
        if (!text.empty() && text.back() == '\n') text.pop_back();
        if (is_id(text)) return text;
        ::usleep(1000);  // its owner has not signed it yet, or a sweeper is removing it
    }
    return std::nullopt;
}

}  // namespace sigmund::run
