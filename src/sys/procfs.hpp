// SPDX-License-Identifier: Apache-2.0
// This file reads facts about processes from /proc (proc(5)). The root is a parameter, so that tests can use
// fixture trees.
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
    char state = '?';  // R S D T t Z X I, of the first thread; S when only that thread has ended
    pid_t ppid = 0;
    pid_t pgrp = 0;
    pid_t session = 0;
    int terminal = 0;                // tty_nr, the controlling terminal; 0: none
    std::uint64_t user_ticks = 0;    // utime, in clock ticks (sysconf(_SC_CLK_TCK))
    std::uint64_t system_ticks = 0;  // stime
    std::uint64_t start_ticks = 0;   // starttime, in ticks since boot; with the pid it identifies a process.
                                     // Procfs::stat() returns it as seen in the first time namespace.
    std::int64_t rss_pages = 0;
    int threads = 0;
    bool headless = false;  // the first thread has ended while others live, so the process lives

    bool dead() const { return state == 'Z' || state == 'X'; }  // a zombie counts as exited
};

// Parses one line of /proc/PID/stat. comm may contain blanks and ')': it ends at the last ')'. Returns
// nothing when the line is malformed.
std::optional<ProcStat> parse_proc_stat(std::string_view line);

// A file's device and inode. Two paths name the same file when both agree.
struct FileId {
    std::uint64_t dev = 0;
    std::uint64_t ino = 0;
    bool operator==(const FileId&) const = default;
    bool known() const { return ino != 0; }
};

class Procfs {
  public:
    // Reads the machine's own /proc. When /proc shows another PID namespace (sys/proc_view.hpp), this object
    // shows no process at all, since the numbers there mean other processes.
    Procfs();
    explicit Procfs(std::string root) : root_(std::move(root)) {}

    // Returns the parsed stat file. Returns nothing when the process does not exist or may not be read.
    std::optional<ProcStat> stat(pid_t pid) const;
    // Returns the real, effective, saved and file system user ids (proc_pid_status(5)).
    std::optional<std::array<uid_t, 4>> users(pid_t pid) const;
    // Returns the executable that /proc/PID/exe points to. The result is not known() when it may not be read.
    FileId exe(pid_t pid) const;
    // Returns the value of an environment variable as it was when the process was executed. Returns nothing
    // when it is absent or unreadable.
    std::optional<std::string> environment_value(pid_t pid, std::string_view name) const;
    // Returns argv. It is empty for kernel threads, zombies and processes that may not be read.
    std::vector<std::string> command_line(pid_t pid) const;
    // Returns the direct children of every thread (CONFIG_PROC_CHILDREN; without it, by one pass over all
    // processes).
    std::vector<pid_t> children(pid_t pid) const;
    // The same for a process whose stat was read just now. One with a single thread has a single list of children, so
    // that its threads need not be listed.
    std::vector<pid_t> children(const ProcStat& process) const;
    // Returns all numeric entries, in no particular order.
    std::vector<pid_t> processes() const;
    // Returns the value of a line of /proc/PID/status by its key ("SigIgn"), without leading blanks.
    std::optional<std::string> status_field(pid_t pid, std::string_view key) const;
    // Returns the signals of such a line (SigIgn, SigBlk, SigCgt), as the bits of signal_bit().
    std::optional<std::uint64_t> signal_set(pid_t pid, std::string_view key) const;

    const std::string& root() const { return root_; }

  private:
    std::string path(pid_t pid, const char* leaf) const;
    std::string root_;
};

// The functions below return facts of this kernel as seen from this process. time_namespace_ticks() returns
// by how many ticks the start times in /proc/PID/stat are larger here than in the machine's first time
// namespace (time_namespaces(7)). Identities are recorded without this offset, so that they mean the same
// everywhere.
std::int64_t time_namespace_ticks();
inline constexpr const char* boot_id_file = "/proc/sys/kernel/random/boot_id";
std::string boot_id();          // what the file has; empty without /proc
std::uint64_t pid_namespace();  // inode of /proc/self/ns/pid; 0 without /proc
std::string host_name();        // uname(2)
std::int64_t clock_ticks_per_second();

}  // namespace sigmund::sys
