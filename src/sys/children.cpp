// SPDX-License-Identifier: Apache-2.0
// This file finds direct children in the kernel's own list (/proc/PID/task/TID/children,
// CONFIG_PROC_CHILDREN), else in /proc/*/stat, else by trying every possible pid. Nothing in this file
// allocates or throws.
#include "sys/children.hpp"

#include <sched.h>
#include <sys/prctl.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sys/proc_view.hpp"

namespace sigmund::sys {
namespace {

constexpr pid_t pid_limit = 4 * 1024 * 1024;  // PID_MAX_LIMIT on 64-bit machines; pid_max cannot be larger

// The kernel's list of this process's children, kept open by hold_children_list(), and the process that
// opened it.
int held_list = -1;
pid_t held_by = 0;
// The largest value of pid_max seen so far. It is the bound when nothing can be opened.
pid_t largest_pid_max = 0;

int open_quietly(int dir, const char* path, int flags) noexcept {
    int fd;
    do fd = openat(dir, path, flags | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t read_quietly(int fd, char* buffer, std::size_t size) noexcept {
    ssize_t got;
    do got = read(fd, buffer, size);
    while (got < 0 && errno == EINTR);
    return got;
}

// The file consists of decimal numbers, each followed by a blank. The end of a read may split a number. Returns
// true also when the visitor wants no more.
bool from_children_file(int fd, ChildVisitor visit, void* context) noexcept {
    char buffer[4096];  // one read of such a file returns at most this much
    pid_t pid = 0;
    ssize_t got;
    while ((got = read_quietly(fd, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < got; ++i) {
            if (buffer[i] >= '0' && buffer[i] <= '9') {
                pid = pid * 10 + (buffer[i] - '0');
            } else if (pid != 0) {
                if (!visit(pid, context)) return true;
                pid = 0;
            }
        }
    }
    if (pid != 0) visit(pid, context);
    return got == 0;
}

// The list that is held open can be read when no descriptor is left and after /proc has been unmounted.
bool from_held_list(ChildVisitor visit, void* context) noexcept {
    return held_list >= 0 && held_by == getpid() && lseek(held_list, 0, SEEK_SET) == 0 &&
           from_children_file(held_list, visit, context);
}

bool from_opened_list(ChildVisitor visit, void* context) noexcept {
    const int fd = open_quietly(AT_FDCWD, "/proc/thread-self/children", O_RDONLY);
    if (fd < 0) return false;
    const bool whole = from_children_file(fd, visit, context);
    close(fd);
    return whole;
}

// Every pid is smaller than /proc/sys/kernel/pid_max. The file tells the value of the reader's own PID
// namespace, whatever /proc shows. When the value was larger once, a process may still have such a pid.
pid_t pid_bound() noexcept {
    const int fd = open_quietly(AT_FDCWD, "/proc/sys/kernel/pid_max", O_RDONLY);
    char text[16];
    const ssize_t got = fd >= 0 ? read_quietly(fd, text, sizeof text) : 0;
    if (fd >= 0) close(fd);
    pid_t bound = 0;
    for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9' && bound <= pid_limit; ++i)
        bound = bound * 10 + (text[i] - '0');
    if (bound > largest_pid_max) largest_pid_max = bound;
    return largest_pid_max > 0 && largest_pid_max < pid_limit ? largest_pid_max : pid_limit;
}

// Returns the parent's pid, the fourth field of stat: it follows the last ')' and the state. Returns 0 when
// it cannot be read.
pid_t parent_of(int proc, const char* name) noexcept {
    char path[32];
    const std::size_t length = strlen(name);
    if (length + sizeof "/stat" > sizeof path) return 0;
    memcpy(path, name, length);  // NOLINT(bugprone-not-null-terminated-result): the next line ends it
    memcpy(path + length, "/stat", sizeof "/stat");
    const int fd = open_quietly(proc, path, O_RDONLY);
    if (fd < 0) return 0;
    char line[256];  // the pid, at most 64 bytes of comm, the state and the ppid fit
    const ssize_t got = read_quietly(fd, line, sizeof line);
    close(fd);
    ssize_t at = got;
    while (at > 0 && line[at - 1] != ')') --at;
    if (at <= 0 || got - at < 4) return 0;
    pid_t parent = 0;
    for (at += 3; at < got && line[at] >= '0' && line[at] <= '9'; ++at)
        parent = parent * 10 + (line[at] - '0');
    return parent;
}

// readdir(3) allocates memory, so getdents64(2) is called directly; this is its structure.
struct KernelDirent {
    std::uint64_t ino;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
};

bool from_stat_files(ChildVisitor visit, void* context) noexcept {
    const int proc = open_quietly(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY);
    if (proc < 0) return false;
    const pid_t self = getpid();
    alignas(KernelDirent) char buffer[4096];
    long got;
    while ((got = syscall(SYS_getdents64, proc, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            KernelDirent entry;
            memcpy(&entry, buffer + at, offsetof(KernelDirent, name));
            const char* name = buffer + at + offsetof(KernelDirent, name);
            at += entry.length;
            pid_t pid = 0;
            for (const char* c = name; *c >= '0' && *c <= '9' && pid <= pid_limit; ++c)
                pid = pid * 10 + (*c - '0');
            if (pid != 0 && parent_of(proc, name) == self && !visit(pid, context)) {
                close(proc);
                return true;
            }
        }
    }
    close(proc);
    return got == 0;
}

}  // namespace

namespace {

// Returns whether `pid` is a child. Sets `ended` to its pid if it waits to be reaped, else to 0.
bool look_at_child(pid_t pid, pid_t& ended) noexcept {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int rc;
    do rc = waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT | __WALL);
    while (rc != 0 && errno == EINTR);
    ended = info.si_pid;
    return rc == 0;
}

}  // namespace

bool is_child(pid_t pid) noexcept {
    pid_t ended;
    return pid > 0 && look_at_child(pid, ended);
}

bool has_ended_child(pid_t pid) noexcept {
    pid_t ended;
    return pid > 0 && look_at_child(pid, ended) && ended == pid;
}

bool hold_children_list() noexcept {
    if (held_list >= 0 && held_by == getpid()) return true;
    pid_bound();
    if (proc_view() != ProcView::ours) return false;
    held_list = open_quietly(AT_FDCWD, "/proc/thread-self/children", O_RDONLY);
    held_by = getpid();
    return held_list >= 0;
}

int children_list() noexcept {
    return held_by == getpid() ? held_list : -1;
}

bool for_each_child(ChildVisitor visit, void* context) noexcept {
    if (from_held_list(visit, context)) return true;
    if (proc_view() == ProcView::ours &&
        (from_opened_list(visit, context) || from_stat_files(visit, context)))
        return true;
    const pid_t bound = pid_bound();
    for (pid_t pid = 1; pid <= bound; ++pid)
        if (is_child(pid) && !visit(pid, context)) break;
    return false;
}

void kill_children() noexcept {
    for_each_child([](pid_t child) { kill(child, SIGKILL); });
}

namespace {

// Returns the pid that was given out last in the PID namespace of this process: the last word of the file
// (proc_loadavg(5)). Returns 0 when it cannot be read.
pid_t last_pid() noexcept {
    const int fd = open_quietly(AT_FDCWD, "/proc/loadavg", O_RDONLY);
    if (fd < 0) return 0;
    char text[128];
    const ssize_t got = read_quietly(fd, text, sizeof text);
    close(fd);
    ssize_t at = got;
    while (at > 0 && text[at - 1] != ' ') --at;
    pid_t pid = 0;
    for (; at < got && text[at] >= '0' && text[at] <= '9' && pid <= pid_limit; ++at)
        pid = pid * 10 + (text[at] - '0');
    return pid;
}

}  // namespace

int kill_newest_children() noexcept {
    constexpr int looked_at = 512;
    pid_t pid = last_pid();
    if (pid == 0) return -1;
    int living = 0;
    for (int i = 0; i < looked_at; ++i, --pid) {
        if (pid <= 0) pid = largest_pid_max;  // the numbers begin again
        pid_t ended;
        // It is not reaped meanwhile, so its number cannot get to another process.
        if (pid <= 0 || !look_at_child(pid, ended) || ended == pid) continue;
        kill(pid, SIGKILL);
        ++living;
    }
    return living;
}

namespace {
int usual_policy = -1;  // -1: not urgent
sched_param usual_parameters{};
}  // namespace

bool adopts_orphans() noexcept {
    int adopts = 0;
    return ::prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0) == 0 && adopts != 0;
}

void begin_urgency() noexcept {
    const int policy = ::sched_getscheduler(0);
    const int kind = policy & ~SCHED_RESET_ON_FORK;
    if (usual_policy >= 0 || policy < 0 || kind == SCHED_FIFO || kind == SCHED_RR) return;
    if (::sched_getparam(0, &usual_parameters) != 0) return;
    sched_param parameters{};
    parameters.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0) usual_policy = policy;
}

// Restores the earlier policy, which children inherit. Clearing SCHED_RESET_ON_FORK needs CAP_SYS_NICE.
void end_urgency() noexcept {
    if (usual_policy < 0) return;
    if (::sched_setscheduler(0, usual_policy, &usual_parameters) != 0)
        ::sched_setscheduler(0, usual_policy | SCHED_RESET_ON_FORK, &usual_parameters);
    usual_policy = -1;
}

}  // namespace sigmund::sys
