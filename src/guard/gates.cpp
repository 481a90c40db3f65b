// SPDX-License-Identifier: Apache-2.0
#include "guard/gates.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sigmund::guard {

using sys::SpawnError;
using sys::SpawnStage;

namespace {

// Returns what a leader has reported at its gate before it ended, or nothing when it has executed its command
// or was killed. What was sent before the other end of a socket was closed can still be read (unix(7)).
std::optional<SpawnError> report_at(int gate, int flags) {
    SpawnError report{};
    ssize_t n;
    do n = ::recv(gate, &report, sizeof report, MSG_WAITALL | flags);
    while (n < 0 && errno == EINTR);
    if (n != static_cast<ssize_t>(sizeof report)) return std::nullopt;
    return report;
}

}  // namespace

SpawnError Gates::fork(const sys::SpawnPlan& command, Life& life) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return {SpawnStage::process, errno};
    sys::Fd ours(pair[0]), theirs(pair[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {SpawnStage::process, errno};
    if (pid == 0) command.become(theirs.get());
    life.leaders.push_back({pid, {}, false, false});
    gates_.push_back(std::move(ours));
    return {SpawnStage::process, 0};
}

std::optional<SpawnError> Gates::reported(std::size_t leader) const {
    return report_at(gates_[leader].get(), MSG_DONTWAIT);
}

SpawnError Gates::release(int& part) {
    SpawnError failed{SpawnStage::exec, 0};
    const auto fail = [&](SpawnError error, std::size_t leader) {
        failed = error;
        part = static_cast<int>(leader);
    };
    std::vector<int> unsent(gates_.size());
    for (std::size_t i = 0; i < gates_.size(); ++i) {
        ssize_t n;
        do n = ::send(gates_[i].get(), "g", 1, MSG_NOSIGNAL);
        while (n < 0 && errno == EINTR);
        if (n == 1) continue;
        // The leader has ended before its turn. If it waits after all, it sees the end of the gate and exits.
        unsent[i] = errno;
        ::shutdown(gates_[i].get(), SHUT_WR);
    }
    // The report of a leader says more than the error of the byte that was sent to it, so it comes first.
    for (std::size_t i = 0; i < gates_.size(); ++i)
        if (const auto report = report_at(gates_[i].get(), 0); report && failed.error == 0) fail(*report, i);
    for (std::size_t i = 0; i < gates_.size(); ++i)
        if (unsent[i] != 0 && failed.error == 0) fail({SpawnStage::process, unsent[i]}, i);
    gates_.clear();
    return failed;
}

}  // namespace sigmund::guard
