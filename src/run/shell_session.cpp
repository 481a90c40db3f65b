// SPDX-License-Identifier: Apache-2.0
#include "run/shell_session.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "text/words.hpp"

namespace sigmund::run {

std::optional<ShellId> parse_shell_id(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || text.size() > 40) return std::nullopt;
    const auto pid = text::whole_number<pid_t>(text.substr(0, dot));
    const auto start = text::whole_number<std::uint64_t>(text.substr(dot + 1));
    if (!pid || !start || *pid <= 0) return std::nullopt;
    return ShellId{*pid, *start};
}

bool shell_alive(std::string_view text) {
    const auto id = parse_shell_id(text);
    if (!id) return false;
    const auto stat = sys::Procfs().stat(id->pid);
    if (!stat || stat->dead()) return false;
    // The hook of the shell has read the start time as its own time namespace shows it.
    const auto shown = stat->start_ticks + static_cast<std::uint64_t>(sys::time_namespace_ticks());
    return stat->start_ticks == id->start_ticks || shown == id->start_ticks;
}

std::string current_shell() {
    const char* claimed = std::getenv("SIGMUND_SHELL_ID");
    if (!claimed) return {};
    const auto id = parse_shell_id(claimed);
    if (!id || !shell_alive(claimed)) return {};
    const sys::Procfs proc;
    struct stat st {};
    if (::stat((proc.root() + '/' + std::to_string(id->pid)).c_str(), &st) != 0 || st.st_uid != ::geteuid())
        return {};
    pid_t pid = ::getppid();
    for (int depth = 0; pid > 0 && depth < 256; ++depth) {  // in a container a shell may be process 1
        if (pid == id->pid) return claimed;
        const auto stat = proc.stat(pid);
        if (!stat) break;
        pid = stat->ppid;
    }
    return {};
}

}  // namespace sigmund::run
