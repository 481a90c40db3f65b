// SPDX-License-Identifier: Apache-2.0
#include "sys/poll.hpp"

#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

namespace sigmund::sys {
namespace {

constexpr unsigned bits = sizeof(unsigned long) * CHAR_BIT;

// fd_set holds 1024 descriptors, but the kernel accepts sets of any size.
struct Bits {
    explicit Bits(int end) : words((static_cast<unsigned>(end) + bits - 1) / bits + 1) {}
    void add(int fd) { words[static_cast<unsigned>(fd) / bits] |= 1UL << static_cast<unsigned>(fd) % bits; }
    bool has(int fd) const {
        return (words[static_cast<unsigned>(fd) / bits] >> static_cast<unsigned>(fd) % bits & 1) != 0;
    }
    fd_set* get() { return reinterpret_cast<fd_set*>(words.data()); }
    std::vector<unsigned long> words;
};

int select_instead(std::span<pollfd> set, int pause_ms) {
    int end = 0;
    for (const pollfd& each : set) end = std::max(end, each.fd + 1);
    Bits in(end), out(end), urgent(end);
    for (const pollfd& each : set) {
        if (each.fd < 0) continue;
        if ((each.events & POLLIN) != 0) in.add(each.fd);
        if ((each.events & POLLOUT) != 0) out.add(each.fd);
        if ((each.events & POLLPRI) != 0) urgent.add(each.fd);
    }
    timeval pause{pause_ms / 1000, pause_ms % 1000 * 1000};
    const int ready = ::select(end, in.get(), out.get(), urgent.get(), pause_ms < 0 ? nullptr : &pause);
    if (ready < 0) return ready;
    int count = 0;
    for (pollfd& each : set) {
        each.revents = 0;
        if (each.fd < 0) continue;
        // A hang-up or an error makes a descriptor readable; the read then tells which it is.
        if (in.has(each.fd)) each.revents |= POLLIN;
        if (out.has(each.fd)) each.revents |= POLLOUT;
        if (urgent.has(each.fd)) each.revents |= POLLPRI;
        if (each.revents != 0) ++count;
    }
    return count;
}

}  // namespace

int poll_any(std::span<pollfd> set, int pause_ms) {
    const int ready = ::poll(set.data(), set.size(), pause_ms);
    return ready < 0 && errno == EINVAL ? select_instead(set, pause_ms) : ready;
}

}  // namespace sigmund::sys
