// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells what would still end one run.
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "ops/ci.hpp"
#include "ops/doctor_parts.hpp"
#include "ops/systemd.hpp"
#include "run/handle.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

// Adds the names of the cookies in the environment of a process, each of them once.
void add_cookies(std::vector<std::string>& names, const sys::Procfs& proc, pid_t pid) {
    for (const std::string_view name : cookie_names)
        if (std::find(names.begin(), names.end(), name) == names.end() && proc.environment_value(pid, name))
            names.emplace_back(name);
}

// Returns the terminal that a process has as stdin, stdout or stderr; empty: none.
std::string terminal_of(pid_t pid) {
    for (int fd = 0; fd <= 2; ++fd) {
        char link[256];
        const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd);
        const ssize_t n = ::readlink(path.c_str(), link, sizeof link);
        const std::string_view target(link, n > 0 ? static_cast<std::size_t>(n) : 0);
        if (target.starts_with("/dev/pts/")) return std::string(target);
    }
    return {};
}

void look_at_processes(std::vector<Finding>& out, const run::View& view, const run::Record& record) {
    const run::Census& census = view.census();
    std::vector<std::string> cookies;
    std::string terminal;
    for (const run::Member& member : census.members(record)) {
        add_cookies(cookies, census.proc(), member.pid);
        if (terminal.empty()) terminal = terminal_of(member.pid);
    }
    if (!cookies.empty())
        out.push_back({Level::wrong, "cookies", "its processes carry " + text::join(cookies, ", "),
                       "the runner ends them with the job", "start it with --survive job"});
    if (!terminal.empty())
        out.push_back({Level::advice, "terminal", "it has opened the terminal " + terminal,
                       "the end of that terminal may end it", ""});
}

void look_at_logout(std::vector<Finding>& out, pid_t pid) {
    const LogoutEnds ends = logout_ends(pid);
    if (ends == LogoutEnds::session)
        out.push_back({Level::wrong, "logind", "it is in your login session, which is ended at logout",
                       "KillUserProcesses is set", "start it with --survive login"});
    if (ends == LogoutEnds::manager)
        out.push_back({Level::wrong, "logind", "it is in your user's service manager, and lingering is off",
                       "it ends soon after your last logout", "loginctl enable-linger"});
    if (const std::string service = service_of(pid); !service.empty())
        out.push_back({Level::advice, "service", "it is part of " + service,
                       "when that service is stopped or restarted, systemd ends it too",
                       "start it in a scope: systemd-run --scope sigmund COMMAND"});
}

void look_at_log(std::vector<Finding>& out, const run::Store& store, const run::Record& record) {
    const sys::Fd log = store.open_log(record);
    struct statvfs room {};
    if (!log || ::fstatvfs(log.get(), &room) != 0 || room.f_bavail != 0) return;
    out.push_back({Level::wrong, "log", "the disk of its log is full",
                   "its output is lost, and its result cannot be written before there is room",
                   "run sigmund prune to remove finished runs; once it is over, sigmund prune --force " +
                       record.id + " removes it, too, without its result"});
}

}  // namespace

std::vector<Finding> examine_run(const run::View& view, const run::Judged& run) {
    if (!run.verdict.live()) return {good("run", "it has already ended")};
    std::vector<Finding> out;
    if (!run.verdict.guardian_alive)
        out.push_back({Level::wrong, "guardian", "its guardian is gone", "its result will not be known",
                       "sigmund restart " + run::handle(view, run.record)});
    look_at_processes(out, view, run.record);
    look_at_logout(out, run.record.pid);
    look_at_log(out, view.store(), run.record);
    if (out.empty()) out.push_back(good("run", "only a stop, a reboot or its own exit will end it"));
    return out;
}

}  // namespace sigmund::ops
