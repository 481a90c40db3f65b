// SPDX-License-Identifier: Apache-2.0
#include "ops/doctor.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "ops/ci.hpp"
#include "ops/doctor_parts.hpp"
#include "ops/systemd.hpp"
#include "run/failure.hpp"
#include "run/own_proc.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"
#include "text/size.hpp"

namespace sigmund::ops {
namespace {

constexpr long long least_room = 10LL * 1024 * 1024;  // bytes
constexpr long least_watches = 8192;

void look_at_runner(std::vector<Finding>& out) {
    const auto runner = runner_name();
    if (!runner) return out.push_back(good("runner", "this is not a CI job"));
    std::string cookies;
    for (const std::string_view name : cookie_names)
        if (!variable(std::string(name).c_str()).empty())
            cookies += (cookies.empty() ? "" : ", ") + std::string(name);
    if (cookies.empty())
        return out.push_back(good("runner", *runner + ": no variable of its jobs would end runs"));
    out.push_back({Level::advice, "cookies", *runner + " marks the processes of a job by " + cookies,
                   "when the job is over, it ends every process with this mark, including runs",
                   "sigmund --survive job COMMAND, if a run should outlive the job"});
}

void look_at_logind(std::vector<Finding>& out) {
    switch (logout_ends(::getpid())) {
        case LogoutEnds::nothing:
            return out.push_back(good("logind", "logging out ends no runs"));
        case LogoutEnds::session:
            return out.push_back(
                {Level::wrong, "logind", "logging out ends all your processes (KillUserProcesses=yes)",
                 "every run ends with the session it was started in", "sigmund --survive login COMMAND"});
        case LogoutEnds::manager:
            return out.push_back({Level::wrong, "logind",
                                  "this shell runs in your user's service manager, and lingering is off",
                                  "every run started here ends soon after your last logout",
                                  "loginctl enable-linger"});
    }
}

void look_at_service(std::vector<Finding>& out) {
    const std::string service = service_of(::getpid());
    if (service.empty()) return out.push_back(good("service", "this shell is not part of a service"));
    out.push_back({Level::advice, "service", "this shell is part of " + service,
                   "when that service is stopped or restarted, systemd ends the runs too",
                   "systemd-run --scope sigmund COMMAND (with --user for a user service)"});
}

// Process 1 may be slow, or about to reap: only a zombie that is still there after three seconds counts.
int lasting_zombies() {
    const sys::Procfs proc;
    const auto left_to_init = [&](pid_t pid) {
        const auto stat = proc.stat(pid);
        return stat && stat->ppid == 1 && stat->state == 'Z';
    };
    std::vector<pid_t> zombies = proc.processes();
    std::erase_if(zombies, [&](pid_t pid) { return !left_to_init(pid); });
    for (int tries = 60; tries > 0 && !zombies.empty(); --tries) {
        ::usleep(50'000);
        std::erase_if(zombies, [&](pid_t pid) { return !left_to_init(pid); });
    }
    return static_cast<int>(zombies.size());
}

void look_at_init(std::vector<Finding>& out) {
    const int zombies = lasting_zombies();
    if (zombies == 0) return out.push_back(good("init", "process 1 reaps the processes that it inherits"));
    out.push_back(
        {Level::advice, "init",
         "process 1 does not reap its children: " + std::to_string(zombies) + " of them are zombies",
         "they stay until the container ends, and fill its process table",
         "docker run --init, or tini as entry point"});
}

void look_at_store(std::vector<Finding>& out) {
    std::string path;
    try {
        path = run::Store::default_path();
        if (const run::Store store = run::Store::open(path); store.foreign())
            return out.push_back({Level::wrong, "store",
                                  "store " + path + " belongs to uid " + std::to_string(store.owner()),
                                  "root can act on the runs in it, but cannot start any",
                                  "set SIGMUND_STATE_DIR to a folder of your own"});
    } catch (const run::Failure& failure) {
        return out.push_back(
            {Level::wrong, "store", failure.what(), "no run can be started or seen", failure.hint});
    } catch (const std::system_error& error) {
        return out.push_back({Level::wrong, "store", error.what(), "no run can be started or seen",
                              "set SIGMUND_STATE_DIR to a folder of your own"});
    }
    // Missing folders would be created in the nearest one that exists. A link that leads nowhere exists, too.
    std::string there = path;
    struct stat st {};
    while (there.size() > 1 && ::lstat(there.c_str(), &st) != 0)
        there.resize(std::max<std::size_t>(there.rfind('/'), 1));
    if (::access(there.c_str(), W_OK | X_OK) != 0)
        return out.push_back({Level::wrong, "store",
                              (there == path ? "" : "the store " + path + " cannot be made: ") + there +
                                  ": " + sys::describe_errno(errno),
                              "no run can be started", "set SIGMUND_STATE_DIR to a folder you can write to"});
    struct statfs fs {};
    struct statvfs room {};
    if (::statfs(there.c_str(), &fs) != 0 || ::statvfs(there.c_str(), &room) != 0)
        return out.push_back({Level::wrong, "store", there + ": " + sys::describe_errno(errno), "", ""});
    const auto free = static_cast<long long>(room.f_bavail) * static_cast<long long>(room.f_frsize);
    if (free < least_room)
        out.push_back({Level::wrong, "store",
                       path + ": only " + text::format_size(static_cast<std::uint64_t>(free)) + " left",
                       "a start is refused when its record cannot be written",
                       "run sigmund prune, or set SIGMUND_STATE_DIR to a folder on another disk"});
    if (fs.f_type == TMPFS_MAGIC)
        out.push_back({Level::advice, "store", path + " is on tmpfs",
                       "records and logs are gone after a reboot",
                       "set SIGMUND_STATE_DIR to a folder on a disk, if they should survive a reboot"});
    else if (fs.f_type == NFS_SUPER_MAGIC)
        out.push_back({Level::advice, "store", path + " is on NFS", "locks on NFS depend on its server",
                       "set SIGMUND_STATE_DIR to a folder on a local disk"});
    else
        out.push_back(good("store", path));
}

void look_at_kernel(std::vector<Finding>& out) {
    utsname system{};
    ::uname(&system);
    const std::string release = system.release;
    const sys::Fd self = sys::open_pidfd(::getpid());
    if (!sys::can_signal_by_pidfd())
        out.push_back({Level::advice, "kernel",
                       "Linux " + release + ", where pidfd_send_signal(2) is missing or refused",
                       "a run whose guardian was killed cannot be stopped safely, so that is refused",
                       "Linux 5.3 or newer, or a container engine that permits the pidfd calls"});
    else
        out.push_back(good("kernel", "Linux " + release +
                                         (self && sys::pidfd_inode(self.get()) != 0
                                              ? ", with pidfds that identify each process uniquely"
                                              : "")));
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (!sys::adopts_orphans())
        out.push_back({Level::wrong, "subreaper", "this system refuses PR_SET_CHILD_SUBREAPER (prctl)",
                       "processes that leave the group of a run and lose their parent survive a stop",
                       "do not use qemu-user, or permit prctl(2) in the sandbox"});
    if (std::string text = sys::read_small("/proc/version", 4096); text.find("icrosoft") != std::string::npos)
        out.push_back({Level::advice, "wsl", "this is WSL",
                       "its virtual machine stops when idle, and all runs end with it",
                       "set vmIdleTimeout=-1 under [wsl2] in .wslconfig"});
    const run::ProcProblem problem = run::proc_problem();
    if (!problem.what.empty())
        out.push_back(
            {Level::wrong, "proc", problem.what, "nothing can be started or signalled safely", problem.hint});
    else if (!sys::Procfs().stat(1))
        out.push_back({Level::advice, "hidepid", "/proc hides other users' processes (hidepid)",
                       "it is not always possible to tell which process holds a port", ""});
    const long watches = std::atol(sys::read_small("/proc/sys/fs/inotify/max_user_watches", 64).c_str());
    if (watches > 0 && watches < least_watches)
        out.push_back({Level::advice, "inotify",
                       "only " + std::to_string(watches) + " folders can be watched",
                       "--watch checks the others from time to time instead",
                       "sysctl fs.inotify.max_user_watches=65536"});
    if (!sys::open_inotify()) {
        const sys::Limit limit = sys::inotify_limit(errno);
        out.push_back({Level::advice, "inotify",
                       limit.what.empty() ? "no inotify: " + sys::describe_errno(errno) : limit.what,
                       "--watch, tail and events check for changes from time to time instead", limit.hint});
    }
    if (sys::realtime_ms() < 1'700'000'000'000)
        out.push_back({Level::wrong, "clock",
                       "the clock is far behind: " + sys::local_time(sys::realtime_ms()),
                       "the ages and the order of runs are wrong", "set the clock"});
}

void look_at_descriptors(std::vector<Finding>& out) {
    int open = 0;
    for (int fd = 3; fd < 256; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0) ++open;
    if (open == 0) return out.push_back(good("descriptors", "only stdin, stdout and stderr are open here"));
    out.push_back(good("descriptors",
                       std::to_string(open) + " more descriptors are open here; runs do not inherit them"));
}

}  // namespace

std::vector<Finding> examine_machine(const ShellKit& kit) {
    std::vector<Finding> out;
    look_at_store(out);
    look_at_kernel(out);
    look_at_runner(out);
    look_at_logind(out);
    look_at_service(out);
    look_at_init(out);
    look_at_descriptors(out);
    examine_shell(out, kit);
    return out;
}

}  // namespace sigmund::ops
