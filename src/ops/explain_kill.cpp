// SPDX-License-Identifier: Apache-2.0
#include "ops/explain_kill.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "run/spec.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "text/duration.hpp"

namespace sigmund::ops {
namespace {

constexpr sys::Millis slack =
    2000;  // how far the clock of the kernel's log and that of the record may differ

struct KernelLog {
    bool readable = false;
    std::vector<std::string> killings;
};

// Returns the lines of the kernel's log about out-of-memory kills of one of these processes while the run
// lived. Before and after that the same number belonged to another process.
KernelLog memory_killings(const run::Record& record, const std::vector<pid_t>& pids) {
    KernelLog out;
    const sys::Fd fd(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return out;
    out.readable = true;
    // The kernel's clock stands still while the machine is suspended, so a line may seem that much later than
    // it was.
    const sys::Millis booted = sys::realtime_ms() - sys::monotonic_ms();
    const sys::Millis late = slack + sys::suspended_ms();
    char entry[8192];
    for (int i = 0; i < 100'000; ++i) {
        const ssize_t n = ::read(fd.get(), entry, sizeof entry - 1);
        if (n < 0 && errno == EPIPE)
            continue;  // this entry was overwritten in the meantime: read the next one
        if (n <= 0) break;
        entry[n] = 0;
        // "priority,sequence,microseconds since boot,flags;text" (the kernel's ABI/testing/dev-kmsg)
        char* text = std::strchr(entry, ';');
        if (!text) continue;
        *text++ = 0;
        const bool ours = std::any_of(pids.begin(), pids.end(), [&](pid_t pid) {
            return pid > 0 && std::strstr(text, ("Killed process " + std::to_string(pid) + ' ').c_str());
        });
        if (!ours) continue;
        const char* field = std::strchr(entry, ',');
        if (field) field = std::strchr(field + 1, ',');
        const sys::Millis at = booted + (field ? std::atoll(field + 1) / 1000 : 0);
        if (at < record.started_ms - slack || (record.ended_ms && at > *record.ended_ms + late)) continue;
        const std::string line(text);
        out.killings.push_back(line.substr(0, line.find('\n')));
    }
    return out;
}

Cause of_memory(std::vector<std::string> lines) {
    const bool group = lines.back().starts_with("Memory cgroup");
    return {99, "oom",
            group ? "killed by the kernel: out of memory (the limit of its control group)"
                  : "killed by the kernel: out of memory",
            std::move(lines),
            group ? "reduce its memory use, or raise the memory limit of its container, unit or job"
                  : "reduce its memory use, or give the machine more memory"};
}

// Returns the most CPU time that a process of the run can have had in the kernel's eyes. What the run has used in all
// is more exact than the clock of the limit, which counts by ticks. If it is not known, the run cannot have used more
// than all processors for the whole of its life.
sys::Millis most_cpu_ms(const run::Record& record, sys::Millis lived) {
    if (const auto used = record.used.cpu_ms()) return *used + *used / 4 + 1000;
    return lived * std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
}

// Returns the run's own hard limit of CPU time as the cause, if the run can have reached it.
std::vector<Cause> of_cpu_limit(const run::Record& record) {
    for (const sys::RlimitSetting& setting : run::read_spec(record).rlimits) {
        if (setting.resource != RLIMIT_CPU || setting.limit.rlim_max == RLIM_INFINITY || !record.ended_ms)
            continue;
        const auto hard = static_cast<sys::Millis>(setting.limit.rlim_max);
        const sys::Millis lived = *record.ended_ms - record.started_ms;
        if (most_cpu_ms(record, lived) < hard * 1000) continue;
        const auto used = record.used.cpu_ms();
        return {
            {85,
             "cpu-limit",
             "most likely killed by the kernel: its limit of CPU time was reached",
             {"--rlimit cpu: the hard limit is " + std::to_string(hard) + "s, and it " +
              (used ? "used " + text::format_precise(*used) : "lived " + text::format_duration(lived, true))},
             "give it a higher limit; with cpu=SOFT:HARD it gets SIGXCPU first"}};
    }
    return {};
}

// Returns the processes whose end may be the end of the run: its leader, the stages of a pipe, the workers of
// a pool.
std::vector<pid_t> leaders_of(const run::Record& record) {
    std::vector<pid_t> out{record.pid};
    for (const auto* parts : {&record.stages, &record.workers})
        for (const run::Part& part : *parts) out.push_back(part.pid);
    return out;
}

}  // namespace

std::vector<Cause> causes_of_kill(const run::Record& record) {
    const KernelLog log = memory_killings(record, leaders_of(record));
    if (!log.killings.empty()) return {of_memory(log.killings)};
    const std::string of_memory =
        log.readable ? "the kernel's log shows no out-of-memory kill of it"
                     : "you cannot read the kernel's log, which would show an out-of-memory kill";
    // There is one cause for one end: when the CPU limit can have been reached, a kill by another process is
    // only named as possible.
    if (std::vector<Cause> out = of_cpu_limit(record); !out.empty()) {
        out[0].evidence.push_back("a user or program may have killed it, too; " + of_memory);
        return out;
    }
    return {{70,
             "signal",
             "SIGKILL: killed by a user, a program or the kernel (out of memory, CPU limit)",
             {of_memory},
             ""}};
}

std::vector<Cause> causes_of_loss(const run::Record& record) {
    std::vector<pid_t> pids = leaders_of(record);
    pids.push_back(record.guardian_pid);
    const KernelLog log = memory_killings(record, pids);
    if (log.killings.empty()) return {};
    return {of_memory(log.killings)};
}

}  // namespace sigmund::ops
