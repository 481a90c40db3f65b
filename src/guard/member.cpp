// SPDX-License-Identifier: Apache-2.0
#include "guard/member.hpp"

#include <unistd.h>

#include <string>

#include "sys/procfs.hpp"

namespace sigmund::guard {

// The processes of a worker are those in its session and those that have its number in their environment.
bool MemberScope::covers(pid_t child) const noexcept {
    if (aides_.owns(child)) return false;
    if (member_.worker < 0) return true;
    const pid_t session = ::getsid(child);
    for (const Leader& leader : member_.life.leaders)
        if (child == leader.pid || session == leader.pid) return true;
    const auto number = sys::Procfs().environment_value(child, "WORKER_ID");
    return number && *number == std::to_string(member_.worker);
}

}  // namespace sigmund::guard
