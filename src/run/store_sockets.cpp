// SPDX-License-Identifier: Apache-2.0
// The control sockets of guardians.
#include <cerrno>

#include "run/store.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::run {

sys::Fd Store::listen(const std::string& id) const {
    return sys::listen_socket(dir_.get(), path_, file_name(id, File::socket).c_str());
}

sys::Fd Store::listen_in_moved(const std::string& id) const {
    return sys::listen_socket(dir_.get(), "/proc/self/fd/" + std::to_string(dir_.get()),
                              file_name(id, File::socket).c_str());
}

sys::Fd Store::connect(const std::string& id, sys::Millis patience) const noexcept {
    try {
        return sys::connect_socket(dir_.get(), path_, file_name(id, File::socket).c_str(), patience, owner_);
    } catch (...) {
        errno = ENOMEM;
        return sys::Fd();
    }
}

}  // namespace sigmund::run
