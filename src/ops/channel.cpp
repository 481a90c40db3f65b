// SPDX-License-Identifier: Apache-2.0
#include "ops/channel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "run/rescue.hpp"
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

sys::Fd reach_guardian(const run::Store& store, const std::string& id, std::size_t* longest) {
    if (!store.present()) return sys::Fd();
    sys::Fd fd = run::connect_guardian(store, id, sys::monotonic_ms() + hello_patience);
    if (!fd) return fd;
    if (!send_request(fd.get(), "hello 1")) return sys::Fd();
    const auto answer = next_line(fd.get(), sys::monotonic_ms() + hello_patience);
    const auto words = answer ? after(*answer, "hello") : std::nullopt;
    if (!words) return sys::Fd();
    if (longest) {
        const auto blank = words->find(' ');
        const auto told = blank == words->npos ? 0 : std::strtoull(words->c_str() + blank, nullptr, 10);
        *longest = told > 0 ? std::min<std::size_t>(told, sys::max_packet) : longest_for_older;
    }
    return fd;
}

}  // namespace sigmund::ops
