// SPDX-License-Identifier: Apache-2.0
// /proc/PID/stat. Its second field is any name that a process has given itself.
#include "fuzz.hpp"
#include "sys/procfs.hpp"

using namespace sigmund::sys;

SIGMUND_FUZZ_TARGET(proc_stat) {
    const auto stat = parse_proc_stat(input);
    if (!stat) return;
    must(input.find(stat->comm) != std::string_view::npos);
    must(stat->state != '\0' || input.find('\0') != std::string_view::npos);
    // The last ')' ends the name, so no later field has one.
    const auto end = input.rfind(')');
    must(end != std::string_view::npos && input.substr(0, end).ends_with(stat->comm));
}
