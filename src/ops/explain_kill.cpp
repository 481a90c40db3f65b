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

constexpr sys::Millis slack = 2000;  // between the clock of the kernel's log and that of the record

struct KernelLog {
    bool readable = false;
    std::vector<std::string> killings;
};

// Lines of the kernel's log that tell of memory killings of one of these processes while the run lived: a
// number that another process had before or after is none of ours.
KernelLog memory_killings(const run::Record& record, const std::vector<pid_t>& pids) {
    KernelLog out;
    const sys::Fd fd(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return out;
    out.readable = true;
    // Its clock stands still while the machine is suspended: by that much a line may seem later than it was.
    const sys::Millis booted = sys::realtime_ms() - sys::monotonic_ms();
    const sys::Millis late = slack + sys::suspended_ms();
    char entry[8192];
    for (int i = 0; i < 100'000; ++i) {
        const ssize_t n = ::read(fd.get(), entry, sizeof entry - 1);
        if (n < 0 && errno == EPIPE) continue;  // overwritten meanwhile: the next one
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
            group ? "killed by the kernel: out of memory (its control group had none left)"
                  : "killed by the kernel: out of memory",
            std::move(lines),
            group ? "give it less to do, or its container, unit or job more memory"
                  : "give it less to do, or the machine more memory"};
}

// The run's own hard limit of processor time, where it can have been reached: no process uses more than all
// processors for as long as the run has lived.
std::vector<Cause> of_cpu_limit(const run::Record& record) {
    for (const sys::RlimitSetting& setting : run::read_spec(record).rlimits) {
        if (setting.resource != RLIMIT_CPU || setting.limit.rlim_max == RLIM_INFINITY || !record.ended_ms)
            continue;
        const auto hard = static_cast<sys::Millis>(setting.limit.rlim_max);
        const sys::Millis lived = *record.ended_ms - record.started_ms;
        if (lived * std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)) < hard * 1000) continue;
        return {{85,
                 "cpu-limit",
                 "most likely killed by the kernel: its limit of CPU time was reached",
                 {"--rlimit cpu: the hard limit is " + std::to_string(hard) + "s, and it lived " +
                  text::format_duration(lived, true)},
                 "a higher limit; as cpu=SOFT:HARD it gets SIGXCPU first"}};
    }
    return {};
}

// The processes whose end may be that of the run: its leader, the stages of a pipe, the workers of a pool.
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
        log.readable ? "the kernel's log has no out-of-memory kill of it"
                     : "the kernel's log, which would tell of memory, is not readable for you";
    // One end gets one account: where the limit can have been reached, a kill by another process is only
    // named as possible, too.
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
