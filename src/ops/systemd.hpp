// SPDX-License-Identifier: Apache-2.0
// What logging out ends where systemd-logind runs (logind.conf(5), loginctl(1)): with KillUserProcesses=yes
// the session's scope; and some seconds after the last session the user's own service manager with all that
// runs in it, a desktop's terminals often included, unless the user lingers.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sigmund::ops {

enum class LogoutEnds : std::uint8_t {
    nothing,  // of it, or nobody can tell
    session,  // it is in the scope of a login session, which is killed
    manager,  // it is in the user's service manager, which is stopped after the last session
};

// Of a process by its /proc/PID/cgroup, as text. `kills` as by logind_kills.
LogoutEnds logout_ends(std::string_view cgroup, bool kills, bool lingers);
// Of a live process and its user now.
LogoutEnds logout_ends(pid_t pid);

// The service a process is part of, by the same text ("jenkins.service"); empty: of none.
std::string service_of(std::string_view cgroup);
std::string service_of(pid_t pid);

// Whether logind kills what this user leaves in a session. `root` is put before the paths of its files.
bool logind_kills(const std::string& root = "");
// Whether the user's service manager stays without a session.
bool user_lingers(const std::string& root = "");

// Moves this process to where logging out does not reach: lets the user linger, and where the session is
// killed executes itself once more in a scope of the user's service manager. Returns at once when there is no
// need, true when the user was made to linger. Throws Failure when it cannot.
bool outlive_login();

}  // namespace sigmund::ops
