// SPDX-License-Identifier: Apache-2.0
#include "ops/channel.hpp"

#include <cerrno>

#include "sys/unix_socket.hpp"

namespace sigmund::ops {

std::optional<std::string> after(const std::string& line, std::string_view word) {
    if (!line.starts_with(word)) return std::nullopt;
    if (line.size() == word.size()) return "";
    if (line[word.size()] != ' ') return std::nullopt;
    return line.substr(word.size() + 1);
}

bool send_request(int fd, const std::string& request) {
    return sys::send_packet(fd, request) == 0;
}

std::optional<std::string> next_line(int fd, sys::Millis deadline) {
    return sys::receive_packet(fd, deadline);
}

sys::Fd reach_guardian(const run::Store& store, const std::string& id) {
    if (!store.present()) return sys::Fd();
    sys::Fd fd =
        sys::connect_socket(store.dir(), store.path(), (id + ".sock").c_str(), hello_patience, store.owner());
    if (!fd) return fd;
    if (!send_request(fd.get(), "hello 1")) return sys::Fd();
    const auto answer = next_line(fd.get(), sys::monotonic_ms() + hello_patience);
    if (!answer || !after(*answer, "hello")) return sys::Fd();
    return fd;
}

}  // namespace sigmund::ops
