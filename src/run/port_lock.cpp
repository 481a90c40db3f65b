// SPDX-License-Identifier: Apache-2.0
#include "run/port_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {
namespace {

// Whoever has the file open to reserve ports has the first byte shared; whoever removes the file has it
// exclusively. No port has the number 0.
constexpr int open_byte = 0;

// Removes the file, unless another process has it open to reserve ports.
void remove_if_unused(int fd, int dir) {
    if (sys::try_lock_bytes(fd, sys::LockMode::exclusive, open_byte, 1) &&
        sys::still_named(fd, dir, ports_file))
        ::unlinkat(dir, ports_file, 0);
}

}  // namespace

PortLock PortLock::open(const Store& store) {
    const std::string path = store.path_of(ports_file);
    const int dir = store.dir_.get();
    constexpr int attempts = 100;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        sys::Fd fd = sys::open_or_create_own(dir, ports_file, O_RDWR);
        if (!fd) {
            const int error = errno;
            if (const char* why = sys::why_not_own(error))
                throw Failure(Exit::not_started, "not_started", path + ' ' + why, "remove it");
            sys::fail(error, "open", path);
        }
        if (!sys::try_lock_bytes(fd.get(), sys::LockMode::shared, open_byte, 1)) {
            ::usleep(2'000);  // another process is about to remove it
            continue;
        }
        if (sys::still_named(fd.get(), dir, ports_file)) return PortLock(std::move(fd));
    }
    throw Failure(Exit::not_started, "not_started", path + " is locked by another process",
                  "remove it when no run with --port is live");
}

bool PortLock::try_take(const PortRange& ports) {
    if (!sys::try_lock_bytes(fd_.get(), sys::LockMode::exclusive, ports.first, ports.count)) return false;
    ports_ = ports;
    return true;
}

void PortLock::release(const Store& store) noexcept {
    if (!fd_) return;
    try {
        if (ports_.count > 0) sys::unlock_bytes(fd_.get(), ports_.first, ports_.count);
        ports_ = {};
        remove_if_unused(fd_.get(), store.dir_.get());
        sys::unlock_bytes(fd_.get(), open_byte, 1);
    } catch (...) {  // out of memory: the file stays
    }
    fd_.reset();
}

void PortLock::mend(const Store& store) {
    if (!fd_ || sys::still_named(fd_.get(), store.dir_.get(), ports_file)) return;
    PortLock again = open(store);
    if (again.try_take(ports_)) *this = std::move(again);
}

void PortLock::sweep(const Store& store) noexcept {
    if (!store.present()) return;
    const sys::Fd fd = sys::open_own(store.dir_.get(), ports_file, O_RDWR);
    if (!fd) return;
    try {
        remove_if_unused(fd.get(), store.dir_.get());
    } catch (...) {
    }
}

}  // namespace sigmund::run
