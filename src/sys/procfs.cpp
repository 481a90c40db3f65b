// SPDX-License-Identifier: Apache-2.0
#include "sys/procfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>

#include "sys/file.hpp"
#include "sys/proc_view.hpp"
#include "sys/rights.hpp"

namespace sigmund::sys {
namespace {

constexpr char nowhere[] = "/dev/null";  // not a folder, so no path below it exists

template <typename Int>
bool parse_int(std::string_view text, Int& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

// Closes the directory at the end of the scope.
struct Dir {
    explicit Dir(const std::string& path) : handle(::opendir(path.c_str())) {}
    Dir(const Dir&) = delete;
    Dir& operator=(const Dir&) = delete;
    ~Dir() {
        if (handle) ::closedir(handle);
    }
    DIR* handle;
};

std::vector<pid_t> numeric_entries(const std::string& path) {
    std::vector<pid_t> out;
    const Dir dir(path);
    if (!dir.handle) return out;
    while (const dirent* entry = ::readdir(dir.handle)) {
        pid_t pid = 0;
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parse_int<pid_t>(entry->d_name, pid))
            out.push_back(pid);
    }
    return out;
}

}  // namespace

std::optional<ProcStat> parse_proc_stat(std::string_view line) {
    const auto open = line.find('(');
    const auto close = line.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open || open < 2)
        return std::nullopt;
    ProcStat stat;
    if (!parse_int(line.substr(0, open - 1), stat.pid)) return std::nullopt;
    stat.comm = std::string(line.substr(open + 1, close - open - 1));
    std::string_view rest = line.substr(close + 1);
    // The field numbers are those of proc(5), where the state is field 3.
    for (int field = 3; field <= 24; ++field) {
        if (rest.empty() || rest[0] != ' ') return std::nullopt;
        rest.remove_prefix(1);
        std::string_view word = rest.substr(0, rest.find_first_of(" \n"));
        rest.remove_prefix(word.size());
        bool ok = true;
        switch (field) {
            case 3:
                ok = word.size() == 1;
                stat.state = ok ? word[0] : '?';
                break;
            case 4:
                ok = parse_int(word, stat.ppid);
                break;
            case 5:
                ok = parse_int(word, stat.pgrp);
                break;
            case 6:
                ok = parse_int(word, stat.session);
                break;
            case 7:
                ok = parse_int(word, stat.terminal);
                break;
            case 14:
                ok = parse_int(word, stat.user_ticks);
                break;
            case 15:
                ok = parse_int(word, stat.system_ticks);
                break;
            case 20:
                ok = parse_int(word, stat.threads);
                break;
            case 22:
                ok = parse_int(word, stat.start_ticks);
                break;
            case 24:
                ok = parse_int(word, stat.rss_pages);
                break;
            default:
                break;
        }
        if (!ok) return std::nullopt;
    }
    stat.headless = stat.state == 'Z' && stat.threads > 1;
    if (stat.headless) stat.state = 'S';
    return stat;
}

Procfs::Procfs() : root_(proc_view() == ProcView::ours ? "/proc" : nowhere) {}

std::string Procfs::path(pid_t pid, const char* leaf) const {
    std::string out = root_;
    out += '/';
    out += std::to_string(pid);
    out += '/';
    out += leaf;
    return out;
}

std::optional<ProcStat> Procfs::stat(pid_t pid) const {
    if (pid <= 0) return std::nullopt;
    const Fd fd(::open(path(pid, "stat").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return std::nullopt;
    char buffer[1024];  // 52 numbers of at most 20 digits, comm of at most 64 bytes; the rest is not needed
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n <= 0) return std::nullopt;
    auto stat = parse_proc_stat({buffer, static_cast<std::size_t>(n)});
    // The times of a fixture tree do not come from the kernel and are taken unchanged.
    if (stat && root_ == "/proc") stat->start_ticks -= static_cast<std::uint64_t>(time_namespace_ticks());
    return stat;
}

std::optional<std::array<uid_t, 4>> Procfs::users(pid_t pid) const {
    const auto line = status_field(pid, "Uid");
    if (!line) return std::nullopt;
    std::array<uid_t, 4> out{};
    std::string_view rest = *line;
    for (uid_t& user : out) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
        if (!parse_int(word, user)) return std::nullopt;
        rest.remove_prefix(word.size());
    }
    return out;
}

FileId Procfs::exe(pid_t pid) const {
    struct stat st {};
    if (::stat(path(pid, "exe").c_str(), &st) != 0) return {};
    return {st.st_dev, st.st_ino};
}

std::optional<std::string> Procfs::environment_value(pid_t pid, std::string_view name) const {
    constexpr std::size_t limit = 8 * 1024 * 1024;
    std::string block = read_small(path(pid, "environ"), limit);
    if (block.empty() && errno == EACCES && accessing_files_as()) {
        const OwnRights own;  // root owns the environ file of a setuid program
        block = read_small(path(pid, "environ"), limit);
    }
    if (block.empty()) {
        const auto its = stat(pid);
        if (its && its->headless)  // only the other threads have the memory now
            for (const pid_t tid : numeric_entries(path(pid, "task")))
                if (block.empty())
                    block = read_small(path(pid, "task/") + std::to_string(tid) + "/environ", limit);
    }
    std::string_view rest = block;
    while (!rest.empty()) {
        const std::string_view entry = rest.substr(0, rest.find('\0'));
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return std::string(entry.substr(name.size() + 1));
        rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    }
    return std::nullopt;
}

std::vector<std::string> Procfs::command_line(pid_t pid) const {
    const std::string block = read_small(path(pid, "cmdline"), 8 * 1024 * 1024);
    std::vector<std::string> out;
    for (std::size_t at = 0; at < block.size();) {
        const auto end = std::min(block.find('\0', at), block.size());
        out.push_back(block.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

namespace {

// Adds the numbers in a list of children. Returns false when there is no such file.
bool add_children(const std::string& file, std::vector<pid_t>& out) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return false;
    std::string list;
    read_all(fd.get(), list, 64 * 1024 * 1024);
    std::string_view rest = list;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        pid_t child = 0;
        if (parse_int(word, child)) out.push_back(child);
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return true;
}

}  // namespace

std::vector<pid_t> Procfs::children(pid_t pid) const {
    std::vector<pid_t> out;
    const std::string tasks = path(pid, "task");
    bool supported = true;
    for (const pid_t tid : numeric_entries(tasks)) {
        // A thread that has just ended has no list either; the process's first thread decides.
        if (!add_children(tasks + '/' + std::to_string(tid) + "/children", out) && tid == pid)
            supported = false;
    }
    if (!supported && ::access(tasks.c_str(), F_OK) == 0) {
        for (const pid_t other : processes()) {
            const auto st = stat(other);
            if (st && st->ppid == pid) out.push_back(other);
        }
    }
    return out;
}

std::vector<pid_t> Procfs::children(const ProcStat& process) const {
    std::vector<pid_t> out;
    const std::string only_list = "task/" + std::to_string(process.pid) + "/children";
    if (process.threads == 1 && add_children(path(process.pid, only_list.c_str()), out)) return out;
    return children(process.pid);
}

std::vector<pid_t> Procfs::processes() const {
    return numeric_entries(root_);
}

std::optional<std::string> Procfs::status_field(pid_t pid, std::string_view key) const {
    const std::string text = read_small(path(pid, "status"));
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.size() <= key.size() || !line.starts_with(key) || line[key.size()] != ':') continue;
        line.remove_prefix(key.size() + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        return std::string(line);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> Procfs::signal_set(pid_t pid, std::string_view key) const {
    const auto text = status_field(pid, key);
    std::uint64_t out = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), out, 16).ec != std::errc())
        return std::nullopt;
    return out;
}

std::string boot_id() {
    std::string id = read_small(boot_id_file, 128);
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
}

namespace {

// The file holds "monotonic SECONDS NANOSECONDS" and the same for "boottime", the clock of start times.
std::int64_t read_time_namespace_ticks() {
    const std::string text = read_small("/proc/self/timens_offsets", 1024);
    const auto at = text.find("boottime");
    if (at == std::string::npos) return 0;  // the kernel has no time namespaces (before 5.6)
    long long seconds = 0, nanoseconds = 0;
    if (std::sscanf(text.c_str() + at, "boottime %lld %lld", &seconds, &nanoseconds) != 2) return 0;
    const std::int64_t ticks = clock_ticks_per_second();
    return seconds * ticks + nanoseconds * ticks / 1'000'000'000;
}

}  // namespace

std::int64_t time_namespace_ticks() {
    static const std::int64_t ticks = read_time_namespace_ticks();
    return ticks;
}

std::uint64_t pid_namespace() {
    struct stat st {};
    return ::stat("/proc/self/ns/pid", &st) == 0 ? st.st_ino : 0;
}

std::string host_name() {
    utsname name{};
    return ::uname(&name) == 0 ? name.nodename : "";
}

std::int64_t clock_ticks_per_second() {
    const long ticks = ::sysconf(_SC_CLK_TCK);
    return ticks > 0 ? ticks : 100;
}

}  // namespace sigmund::sys
