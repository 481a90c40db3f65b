// SPDX-License-Identifier: Apache-2.0
#include "ops/listening.hpp"

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <unordered_map>

#include "run/failure.hpp"
#include "run/holder.hpp"
#include "sys/error.hpp"
#include "sys/ports.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

// Fills in the holders by one pass over the descriptors of all processes.
void find_holders(const sys::Procfs& proc, std::vector<Listening>& all) {
    std::unordered_map<std::uint64_t, Listening*> by_inode;
    for (Listening& each : all) by_inode.emplace(each.socket.inode, &each);
    std::vector<pid_t> pids = proc.processes();
    std::sort(pids.begin(), pids.end());
    for (const pid_t pid : pids)
        for (const std::uint64_t inode : sys::open_sockets(proc, pid)) {
            const auto found = by_inode.find(inode);
            if (found == by_inode.end()) continue;
            std::vector<pid_t>& holders = found->second->pids;
            if (holders.empty() || holders.back() != pid) holders.push_back(pid);
        }
}

// A guardian holds the sockets of --keep-fd; its run's own process says more.
void find_run(const run::View& view, Listening& each) {
    const sys::Procfs& proc = view.census().proc();
    for (const pid_t pid : each.pids) {
        auto record = run::run_of(view.store(), proc, pid);
        if (!record) continue;
        each.pid = pid;
        each.run = std::move(record);
        if (pid != each.run->guardian_pid) return;
    }
    if (each.pid == 0 && !each.pids.empty()) each.pid = each.pids.front();
}

void describe(const sys::Procfs& proc, Listening& each) {
    const auto stat = each.pid != 0 ? proc.stat(each.pid) : std::nullopt;
    if (!stat) return;
    each.command = title_of(proc.command_line(each.pid));
    if (each.command.empty()) each.command = '[' + stat->comm + ']';
    const auto ticks = static_cast<std::int64_t>(stat->start_ticks) + sys::time_namespace_ticks();
    const sys::Millis since_boot = sys::monotonic_ms() + sys::suspended_ms();
    each.age_ms = std::max<sys::Millis>(0, since_boot - ticks * 1000 / sys::clock_ticks_per_second());
}

}  // namespace

std::vector<Listening> listening_sockets(const run::View& view) {
    const auto sockets = sys::tcp_listeners();
    if (!sockets)
        throw run::Failure(run::Exit::usage, "failed",
                           "cannot read the listening sockets: " + sys::describe_errno(errno));
    std::vector<Listening> out(sockets->size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i].socket = (*sockets)[i];
    const sys::Procfs& proc = view.census().proc();
    find_holders(proc, out);
    for (Listening& each : out) {
        find_run(view, each);
        describe(proc, each);
    }
    const auto key = [](const Listening& each) {
        return std::tuple(!each.run, each.socket.port, each.socket.address.v6, each.socket.address.bytes);
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Listening& a, const Listening& b) { return key(a) < key(b); });
    return out;
}

std::string title_of(std::vector<std::string> words) {
    while (!words.empty() && words.back().empty()) words.pop_back();
    if (words.size() != 1) return text::quote(words);
    const auto from = words[0].find_first_not_of(' ');
    if (from == std::string::npos) return "";
    return words[0].substr(from, words[0].find_last_not_of(' ') - from + 1);
}

std::string endpoint_text(const std::string& address, int port) {
    const bool v6 = address.find(':') != std::string::npos;
    return (v6 ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

}  // namespace sigmund::ops
