// SPDX-License-Identifier: Apache-2.0
#include "sys/ports.hpp"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "sys/file.hpp"

namespace sigmund::sys {

std::vector<std::uint64_t> listening_sockets(int port) {
    std::vector<std::uint64_t> out;
    for (const char* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
        const std::string text = read_small(table, 64 * 1024 * 1024);
        for (std::size_t at = text.find('\n'); at != std::string::npos && at + 1 < text.size();) {
            const auto end = std::min(text.find('\n', at + 1), text.size());
            const std::string line = text.substr(at + 1, end - at - 1);
            at = end;
            unsigned local = 0, state = 0;
            unsigned long long inode = 0;
            // sl: local:PORT remote:PORT state queues timers retransmits uid timeout inode; state 0A is
            // LISTEN
            if (std::sscanf(line.c_str(),
                            " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*s %*s %llu", &local,
                            &state, &inode) == 3 &&
                state == 0x0A && static_cast<int>(local) == port)
                out.push_back(inode);
        }
    }
    return out;
}

bool holds_socket(const Procfs& proc, pid_t pid, const std::vector<std::uint64_t>& inodes) {
    const std::string folder = proc.root() + '/' + std::to_string(pid) + "/fd";
    DIR* dir = ::opendir(folder.c_str());
    if (!dir) return false;
    bool found = false;
    while (const dirent* entry = found ? nullptr : ::readdir(dir)) {
        char link[64];
        const ssize_t n = ::readlink((folder + '/' + entry->d_name).c_str(), link, sizeof link - 1);
        if (n <= 0) continue;
        link[n] = 0;
        unsigned long long inode = 0;
        if (std::sscanf(link, "socket:[%llu]", &inode) == 1)
            found = std::find(inodes.begin(), inodes.end(), inode) != inodes.end();
    }
    ::closedir(dir);
    return found;
}

}  // namespace sigmund::sys
