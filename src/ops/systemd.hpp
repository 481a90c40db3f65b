// SPDX-License-Identifier: Apache-2.0
// What a logout ends on a system with systemd-logind (logind.conf(5), loginctl(1)). With
// KillUserProcesses=yes it ends the scope of the session. Some seconds after the last session, unless the
// user lingers, it stops the user's service manager and everything that runs in it, which often includes the
// terminals of a desktop.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sigmund::ops {

enum class LogoutEnds : std::uint8_t {
    nothing,  // nothing of it, or that cannot be known
    session,  // it is in the scope of a login session, which will be killed
    manager,  // it is in the user's service manager, which stops after the last session
};

// Tells what a logout ends of a process, from the text of its /proc/PID/cgroup. `kills` is the value of
// logind_kills().
LogoutEnds logout_ends(std::string_view cgroup, bool kills, bool lingers);
// Tells it for a live process and its user.
LogoutEnds logout_ends(pid_t pid);

// Returns the service that a process is part of ("jenkins.service"), from the same text; empty: none.
std::string service_of(std::string_view cgroup);
std::string service_of(pid_t pid);

// Returns whether logind kills the processes that this user leaves in a session. `root` is put before the
// paths of files.
bool logind_kills(const std::string& root = "");
// Returns whether the user's service manager keeps running without a session.
bool user_lingers(const std::string& root = "");

// Moves this process to where a logout does not end it: turns on lingering for the user, and if the session
// will be killed, executes this program again in a scope of the user's service manager. Returns whether it
// turned on lingering. Throws Failure when it cannot.
bool outlive_login();

}  // namespace sigmund::ops
