// SPDX-License-Identifier: Apache-2.0
// The rule of this file: become(), become_or_fail(), the functions they call, and close_descriptors() run
// between fork and exec. They use only what signal-safety(7) lists (and raw system calls), allocate nothing and throw nothing.
#include "sys/spawn.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sigmund::sys {

const char* spawn_stage_name(SpawnStage stage) {
    switch (stage) {
        case SpawnStage::process:
            return "start a process";
        case SpawnStage::session:
            return "create a session";
        case SpawnStage::descriptors:
            return "set up descriptors";
        case SpawnStage::directory:
            return "change directory";
        case SpawnStage::limits:
            return "set a resource limit";
        case SpawnStage::priority:
            return "set the niceness";
        case SpawnStage::exec:
            return "execute";
        case SpawnStage::terminal:
            return "set up a terminal";
    }
    return "start";
}

SpawnPlan::SpawnPlan(std::vector<std::string> argv, std::vector<std::string> environment,
                     const std::optional<std::string>& search_path)
    : argv_(std::move(argv)), environment_(std::move(environment)) {
    const std::string& command = argv_.at(0);
    if (command.find('/') != std::string::npos || command.empty()) {
        candidates_.push_back(command);
    } else {
        const std::string path = search_path.value_or("/bin:/usr/bin");  // confstr(_CS_PATH)
        for (std::size_t at = 0;;) {
            const auto end = std::min(path.find(':', at), path.size());
            // An empty entry means the working directory.
            const std::string folder = path.substr(at, end - at);
            candidates_.push_back(folder.empty() ? command : folder + '/' + command);
            if (end == path.size()) break;
            at = end + 1;
        }
    }
    rebuild();
}

std::unique_ptr<SpawnPlan> SpawnPlan::with_command(std::vector<std::string> argv) const {
    auto out = std::make_unique<SpawnPlan>(std::move(argv), environment_, std::nullopt);
    out->stdout_fd = stdout_fd;
    out->stderr_fd = stderr_fd;
    out->inherited_rlimits = inherited_rlimits;
    out->oom_score_adj = oom_score_adj;
    return out;
}

void SpawnPlan::set_environment(const std::string& name, const std::string& value) {
    const std::string prefix = name + '=';
    const auto found = std::find_if(environment_.begin(), environment_.end(),
                                    [&](const std::string& entry) { return entry.starts_with(prefix); });
    if (found != environment_.end())
        *found = prefix + value;
    else
        environment_.push_back(prefix + value);
    rebuild();
}

void SpawnPlan::rebuild() {
    const auto pointers_to = [](std::vector<std::string>& strings) {
        std::vector<char*> out;
        out.reserve(strings.size() + 1);
        for (std::string& s : strings) out.push_back(s.data());
        out.push_back(nullptr);
        return out;
    };
    argv_pointers_ = pointers_to(argv_);
    environment_pointers_ = pointers_to(environment_);
    static char sh[] = "sh";
    script_pointers_.assign({sh, nullptr});
    script_pointers_.insert(script_pointers_.end(), argv_pointers_.begin() + 1, argv_pointers_.end());
}

namespace {

// Waits for the byte that opens the gate. Returns false when the gate was closed. It spins at first: the byte
// usually comes within some tens of microseconds, and sleeping and waking on another processor would take as
// long again.
bool opens(int gate) noexcept {
    constexpr int looks = 200;
    char word = 0;
    ssize_t n = -1;
    errno = EAGAIN;
    for (int i = 0; i < looks && n < 0 && (errno == EAGAIN || errno == EINTR); ++i) {
        if (i > 0) ::sched_yield();
        n = ::recv(gate, &word, 1, MSG_DONTWAIT);
    }
    while (n < 0 && (errno == EAGAIN || errno == EINTR)) n = ::read(gate, &word, 1);
    return n == 1;
}

// Raising the value is always permitted. When it fails (no /proc), the command is less likely to be killed,
// which is no reason not to start it.
void restore_oom_score(int value) noexcept {
    char digits[8];
    std::size_t at = sizeof digits;
    for (; value > 0 && at > 0; value /= 10) digits[--at] = static_cast<char>('0' + value % 10);
    const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)!::write(fd, digits + at, sizeof digits - at);
    ::close(fd);
}

// Returns whether a script's interpreter is missing: execve(2) gives ENOENT for it although the script
// exists.
bool lacks_interpreter(int dir, const char* path) noexcept {
    const Fd fd(::openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    char line[256];
    const ssize_t n = fd ? ::read(fd.get(), line, sizeof line - 1) : -1;
    if (n < 3 || line[0] != '#' || line[1] != '!') return false;
    line[n] = '\0';
    char* begin = line + 2;
    while (*begin == ' ' || *begin == '\t') ++begin;
    char* end = begin;
    while (*end != '\0' && *end != ' ' && *end != '\t' && *end != '\n') ++end;
    if (*end == '\0') return false;  // the line is cut off or unusual: the kernel decides
    *end = '\0';
    return *begin != '\0' && ::faccessat(dir, begin, F_OK, 0) != 0 && errno == ENOENT;
}

}  // namespace

int SpawnPlan::look() const noexcept {
    const int dir = cwd_fd >= 0 ? cwd_fd : AT_FDCWD;
    int denied = 0;
    for (const std::string& candidate : candidates_) {
        struct stat st {};
        if (::fstatat(dir, candidate.c_str(), &st, 0) != 0) {
            const bool given = candidates_.size() == 1 && candidate == argv_pointers_[0];
            if (errno == EACCES && given) denied = EACCES;
            continue;
        }
        if (!S_ISREG(st.st_mode) || ::faccessat(dir, candidate.c_str(), X_OK, AT_EACCESS) != 0) {
            denied = EACCES;
            continue;
        }
        return lacks_interpreter(dir, candidate.c_str()) ? ENOENT : 0;
    }
    return denied != 0 ? denied : ENOENT;
}

void SpawnPlan::become(int gate) const noexcept {
    // This closes the parent's end of the gate with all other descriptors, so that the parent's death is
    // noticed here.
    const auto problem = prepare(gate, new_session);
    std::size_t likely = 0;
    if (gate >= 0 && !problem) {
        likely = find();
        if (!opens(gate)) ::_exit(125);
    }
    const SpawnError error = problem ? *problem : execute(likely);
    if (gate >= 0) ::send(gate, &error, sizeof error, MSG_NOSIGNAL);
    ::_exit(127);
}

SpawnError SpawnPlan::become_or_fail(int kept) const noexcept {
    if (const auto problem = prepare(kept, false)) return *problem;
    return execute(find());
}

std::optional<SpawnError> SpawnPlan::prepare(int spare, bool session) const noexcept {
    if (!signals.reset) {
        ::sigprocmask(SIG_SETMASK, &inherited_mask, nullptr);
        if (inherited_chld_ignore) ::signal(SIGCHLD, SIG_IGN);
    }
    apply_signal_setup(signals);
    if (session && ::setsid() < 0) return SpawnError{SpawnStage::session, errno};
    const int wanted[3] = {stdin_fd, stdout_fd, stderr_fd};
    for (int target = 0; target < 3; ++target)
        if (wanted[target] >= 0 && ::dup2(wanted[target], target) < 0)
            return SpawnError{SpawnStage::descriptors, errno};
    if (owns_terminal && ::ioctl(STDIN_FILENO, TIOCSCTTY, 0) != 0)
        return SpawnError{SpawnStage::terminal, errno};
    if (cwd_fd >= 0 && ::fchdir(cwd_fd) != 0) return SpawnError{SpawnStage::directory, errno};
    close_descriptors(keep_fds.data(), keep_fds.size(), spare);
    if (oom_score_adj > 0) restore_oom_score(oom_score_adj);
    for (const std::vector<RlimitSetting>* settings : {&inherited_rlimits, &rlimits})
        for (const RlimitSetting& setting : *settings)
            if (::setrlimit(static_cast<__rlimit_resource>(setting.resource), &setting.limit) != 0)
                return SpawnError{SpawnStage::limits, errno};
    if (nice && ::setpriority(PRIO_PROCESS, 0, *nice) != 0) return SpawnError{SpawnStage::priority, errno};
    if (umask) ::umask(*umask);
    return std::nullopt;
}

// Returns the candidate that execve(2) will most likely accept. It is determined before the gate opens, and
// calling access(2) first costs a seventh of an execve(2) that fails.
std::size_t SpawnPlan::find() const noexcept {
    std::size_t i = 0;
    while (i < candidates_.size() && ::access(candidates_[i].c_str(), X_OK) != 0) ++i;
    return i < candidates_.size() ? i : 0;
}

SpawnError SpawnPlan::execute(std::size_t likely) const noexcept {
    if (likely > 0)
        ::execve(candidates_[likely].c_str(), argv_pointers_.data(), environment_pointers_.data());
    int denied = 0;
    int last = ENOENT;
    for (const std::string& candidate : candidates_) {
        ::execve(candidate.c_str(), argv_pointers_.data(), environment_pointers_.data());
        last = errno;
        if (last == ENOEXEC) {
            script_pointers_[1] = const_cast<char*>(candidate.c_str());
            ::execve("/bin/sh", script_pointers_.data(), environment_pointers_.data());
            return {SpawnStage::exec, errno};
        }
        if (last == EACCES) {
            // Continue: a later folder may hold one that this user may execute. A candidate in a folder that
            // may not be searched counts as not found; for a path that was given as it is, the caller gets
            // the error.
            const bool given = candidates_.size() == 1 && ::strcmp(candidate.c_str(), argv_pointers_[0]) == 0;
            if (given || ::access(candidate.c_str(), F_OK) == 0)
                denied = EACCES;
            else
                last = ENOENT;
        } else if (last != ENOENT && last != ENOTDIR && last != ESTALE && last != ENODEV &&
                   last != ETIMEDOUT) {
            return {SpawnStage::exec, last};
        }
    }
    return {SpawnStage::exec, denied != 0 ? denied : last};
}

namespace {

// Closes the open descriptors in this range that the kernel lists. Returns whether it could be read. What it lists next
// does not depend on what was closed before (proc(5), readdir goes by numbers).
bool close_listed(unsigned first, unsigned last) noexcept {
    struct Entry {
        std::uint64_t inode;
        std::int64_t offset;
        unsigned short size;
        unsigned char type;
        char name[1];
    };
    const int folder = ::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    alignas(Entry) char buffer[1024];
    long n = 0;
    while ((n = ::syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < n;) {
            const char* entry = buffer + at;
            unsigned short size = 0;
            ::memcpy(&size, entry + offsetof(Entry, size), sizeof size);
            at += size;
            unsigned fd = 0;
            const char* digit = entry + offsetof(Entry, name);
            if (*digit < '0' || *digit > '9') continue;  // . and ..
            for (; *digit >= '0' && *digit <= '9'; ++digit)
                fd = 10 * fd + static_cast<unsigned>(*digit - '0');
            if (fd >= first && fd <= last && fd != static_cast<unsigned>(folder))
                ::close(static_cast<int>(fd));
        }
    ::close(folder);
    return n == 0;
}

void close_between(unsigned first, unsigned last) noexcept {
    if (first > last) return;
    if (::syscall(SYS_close_range, first, last, 0) == 0) return;
    // Before Linux 5.9, and in some sandboxes.
    if (close_listed(first, last)) return;
    rlimit limit{};
    unsigned end = 65536;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < end)
        end = static_cast<unsigned>(limit.rlim_cur);
    for (unsigned fd = first; fd <= last && fd < end; ++fd) ::close(static_cast<int>(fd));
}

}  // namespace

void close_descriptors(const int* keep, std::size_t count, int spare) noexcept {
    unsigned next = 3;
    bool spare_done = spare < 3;
    for (std::size_t i = 0; i <= count; ++i) {
        int stop = i < count ? keep[i] : -1;
        if (!spare_done && (stop < 0 || spare < stop)) {
            close_between(next, static_cast<unsigned>(spare) - 1);
            next = static_cast<unsigned>(spare) + 1;
            spare_done = true;
        }
        if (stop < 3) continue;
        close_between(next, static_cast<unsigned>(stop) - 1);
        next = static_cast<unsigned>(stop) + 1;
    }
    close_between(next, ~0U);
}

}  // namespace sigmund::sys
