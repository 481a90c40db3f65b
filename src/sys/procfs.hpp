// SPDX-License-Identifier: Apache-2.0
// What /proc tells of processes (proc(5)). The root is a parameter, so that tests can use fixture trees.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::sys {

// The fields of /proc/PID/stat that sigmund uses.
struct ProcStat {
    pid_t pid = 0;
    std::string comm;
    char state = '?';  // R S D T t Z X I, of the first thread; S where only that has ended
    pid_t ppid = 0;
    pid_t pgrp = 0;
    pid_t session = 0;
    int terminal = 0;                // tty_nr, its controlling terminal; 0: none
    std::uint64_t user_ticks = 0;    // utime, in clock ticks (sysconf(_SC_CLK_TCK))
    std::uint64_t system_ticks = 0;  // stime
    std::uint64_t start_ticks = 0;   // starttime, ticks since boot: with the pid it names a process for good.
                                     // Procfs::stat() gives it as the first time namespace sees it
    std::int64_t rss_pages = 0;
    bool headless = false;  // its first thread has ended, others live: so does the process

    bool dead() const { return state == 'Z' || state == 'X'; }  // a zombie counts as exited
};

// ask: parses one line of /proc/PID/stat. comm may hold blanks and ')': it ends at the last ')'.
std::optional<ProcStat> parse_proc_stat(std::string_view line);

// A file's device and inode: two paths name one file when both agree.
struct FileId {
    std::uint64_t dev = 0;
    std::uint64_t ino = 0;
    bool operator==(const FileId&) const = default;
    bool known() const { return ino != 0; }
};

class Procfs {
  public:
    // The machine's own. Where /proc shows another PID namespace (sys/proc_view.hpp) it shows no process at
    // all here, since its numbers would be strangers'.
    Procfs();
    explicit Procfs(std::string root) : root_(std::move(root)) {}

    std::optional<ProcStat> stat(pid_t pid) const;
    // Real, effective, saved and file system user (proc_pid_status(5)).
    std::optional<std::array<uid_t, 4>> users(pid_t pid) const;
    // The executable behind /proc/PID/exe; not known() when it may not be looked at.
    FileId exe(pid_t pid) const;
    // ask: the value of an environment variable as the process was exec'ed with; nothing when absent or
    // unreadable.
    std::optional<std::string> environment_value(pid_t pid, std::string_view name) const;
    // argv; empty for kernel threads, zombies and the unreadable.
    std::vector<std::string> command_line(pid_t pid) const;
    // Direct children, of every thread (CONFIG_PROC_CHILDREN; else found by one pass over all processes).
    std::vector<pid_t> children(pid_t pid) const;
    // All numeric entries, in no order.
    std::vector<pid_t> processes() const;
    // A line of /proc/PID/status by its key ("SigIgn"), without key and blanks.
    std::optional<std::string> status_field(pid_t pid, std::string_view key) const;

    const std::string& root() const { return root_; }

  private:
    std::string path(pid_t pid, const char* leaf) const;
    std::string root_;
};

// Facts of this kernel, as seen from this process.
// By how many ticks /proc/PID/stat's start times are larger here than in the machine's first time namespace
// (time_namespaces(7)): identities are recorded without it, so that they mean the same everywhere.
std::int64_t time_namespace_ticks();
std::string boot_id();          // /proc/sys/kernel/random/boot_id; empty without /proc
std::uint64_t pid_namespace();  // inode of /proc/self/ns/pid; 0 without /proc
std::string host_name();        // uname(2)
std::int64_t clock_ticks_per_second();

}  // namespace sigmund::sys
