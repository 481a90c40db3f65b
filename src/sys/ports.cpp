// SPDX-License-Identifier: Apache-2.0
#include "sys/ports.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sys/file.hpp"
#include "sys/listeners.hpp"

namespace sigmund::sys {

std::vector<std::uint64_t> listening_sockets(int port) {
    std::vector<std::uint64_t> out;
    for (const TcpListener& each : tcp_listeners().value_or(std::vector<TcpListener>{}))
        if (each.port == port) out.push_back(each.inode);
    return out;
}

namespace {

// Calls `use` with the inode of each socket that a process has open, until it returns false. Returns whether
// the descriptors could be read; errno tells why they could not.
template <typename Use>
bool each_socket(const Procfs& proc, pid_t pid, Use use) {
    const std::string folder = proc.root() + '/' + std::to_string(pid) + "/fd";
    DIR* dir = ::opendir(folder.c_str());
    if (!dir) return false;
    bool more = true;
    while (const dirent* entry = more ? ::readdir(dir) : nullptr) {
        char link[64];
        const ssize_t n = ::readlink((folder + '/' + entry->d_name).c_str(), link, sizeof link - 1);
        if (n <= 0) continue;
        link[n] = 0;
        unsigned long long inode = 0;
        if (std::sscanf(link, "socket:[%llu]", &inode) == 1) more = use(inode);
    }
    ::closedir(dir);
    return true;
}

}  // namespace

bool holds_socket(const Procfs& proc, pid_t pid, const std::vector<std::uint64_t>& inodes) {
    bool found = false;
    if (each_socket(proc, pid, [&](std::uint64_t inode) {
            found = std::find(inodes.begin(), inodes.end(), inode) != inodes.end();
            return !found;
        }))
        errno = 0;
    return found;
}

std::vector<std::uint64_t> open_sockets(const Procfs& proc, pid_t pid) {
    std::vector<std::uint64_t> out;
    each_socket(proc, pid, [&](std::uint64_t inode) {
        out.push_back(inode);
        return true;
    });
    return out;
}

namespace {

// Converts an address of /proc/net: groups of four bytes, each in the machine's byte order.
std::string readable_address(const char* hex, bool v6) {
    unsigned char bytes[16]{};
    const int words = v6 ? 4 : 1;
    for (int i = 0; i < words; ++i) {
        unsigned word = 0;
        if (std::sscanf(hex + i * 8, "%8x", &word) != 1) return "";
        std::memcpy(bytes + i * 4, &word, 4);
    }
    char text[INET6_ADDRSTRLEN];
    return ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes, text, sizeof text) ? text : "";
}

void read_table(const std::string& path, bool udp, bool v6,
                std::unordered_map<std::uint64_t, OpenPort>& out) {
    const std::string text = read_small(path, 64 * 1024 * 1024);
    for (std::size_t at = text.find('\n'); at != std::string::npos && at + 1 < text.size();) {
        const auto end = std::min(text.find('\n', at + 1), text.size());
        const std::string line = text.substr(at + 1, end - at - 1);
        at = end;
        char local[40], remote[40];
        unsigned port = 0, state = 0;
        unsigned long long inode = 0;
        if (std::sscanf(line.c_str(),
                        " %*d: %39[0-9A-Fa-f]:%x %39[0-9A-Fa-f]:%*x %x %*s %*s %*s %*s %*s %llu", local,
                        &port, remote, &state, &inode) != 5)
            continue;
        // State 0A is LISTEN; 07 is a UDP socket that is not connected.
        if (state != (udp ? 0x07U : 0x0AU) || inode == 0) continue;
        out[inode] = {udp, readable_address(local, v6), static_cast<int>(port), inode, 0};
    }
}

}  // namespace

const OpenPorts::Sockets* OpenPorts::sockets_around(pid_t pid) {
    const std::string folder = proc_.root() + '/' + std::to_string(pid);
    char space[64];
    const ssize_t n = ::readlink((folder + "/ns/net").c_str(), space, sizeof space);
    if (n <= 0) return nullptr;
    const auto [found, fresh] = namespaces_.try_emplace({space, static_cast<std::size_t>(n)});
    if (fresh) {
        read_table(folder + "/net/tcp", false, false, found->second);
        read_table(folder + "/net/tcp6", false, true, found->second);
        read_table(folder + "/net/udp", true, false, found->second);
        read_table(folder + "/net/udp6", true, true, found->second);
    }
    return &found->second;
}

std::vector<OpenPort> OpenPorts::of(const std::vector<pid_t>& pids) {
    std::map<std::uint64_t, OpenPort> held;
    for (const pid_t pid : pids) {
        const Sockets* sockets = sockets_around(pid);
        if (!sockets || sockets->empty()) continue;
        each_socket(proc_, pid, [&](std::uint64_t inode) {
            if (const auto found = sockets->find(inode); found != sockets->end())
                if (const auto [entry, fresh] = held.try_emplace(inode, found->second); fresh)
                    entry->second.pid = pid;
            return true;
        });
    }
    std::vector<OpenPort> out;
    for (const auto& [inode, port] : held) out.push_back(port);
    std::sort(out.begin(), out.end(), [](const OpenPort& a, const OpenPort& b) {
        return a.port != b.port ? a.port < b.port : a.address < b.address;
    });
    return out;
}

}  // namespace sigmund::sys
