// SPDX-License-Identifier: Apache-2.0
// This file tries the probes while it watches the logs for the lines of --ready-fail, in an aide.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "guard/ready.hpp"
#include "sys/child_end.hpp"

namespace sigmund::guard {
namespace {

[[maybe_unused]] constexpr rlim_t search_memory = 256 << 20;  // an expression may use any amount of memory

int search(const LogSearch& what, ReadyReport& report) {
    const LogFinding found = search_logs(what, [&](std::size_t missing) {
        write_text(report.last, "log:" + what.wanted[missing] + ": no line matches");
    });
    if (found.kind == LogFinding::Kind::failed)
        write_text(report.failure, "its log says \"" + found.line + '"');
    return found.kind == LogFinding::Kind::found    ? probes_answered
           : found.kind == LogFinding::Kind::failed ? said_failure
                                                    : 1;
}

// Starts the probes in a process of their own, so that the end of one of their commands ends nothing else.
pid_t start_probes(const ReadyJob& job, ReadyReport& report, int lifeline) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    int status = 1;
    try {
        status = try_probes(job, report, lifeline);
    } catch (...) {
        // Out of memory, the probes have failed.
    }
    end_children();
    ::_exit(status);
}

int reap(pid_t pid) {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | __WALL) != 0 && errno == EINTR) {
    }
    return sys::ExitStatus::from(info).shell_code();
}

// Waits for two children: returns said_failure when `search` has found a failure, else the status of `probes`
// once they have ended. A search that ends for another reason (an expression needs too much memory) does not
// end the wait.
int await_either(pid_t search, pid_t probes, int lifeline) {
    std::optional<sys::ChildEnd> searching(search);
    const sys::ChildEnd probing(probes);
    for (;;) {
        pollfd set[] = {{searching ? searching->descriptor() : -1, POLLIN, 0},
                        {probing.descriptor(), POLLIN, 0},
                        {lifeline, POLLIN, 0}};
        if (::poll(set, 3, probing.pause(searching ? searching->pause(-1) : -1)) < 0) {
            if (errno == EINTR) continue;
            return 1;
        }
        if (set[2].revents != 0) return lifeline_ended;
        if (searching && searching->reached()) {
            searching.reset();
            if (reap(search) == said_failure) return said_failure;
        }
        if (probing.reached()) return reap(probes);
    }
}

LogSearch search_for(const ReadyJob& job, LogSearch::Ends ends) {
    LogSearch out{.logs = job.logs, .wanted = {}, .failures = job.plan.failures, .ends = ends};
    for (const run::Probe& probe : job.plan.probes)
        if (probe.kind == run::Probe::Kind::log) out.wanted.push_back(probe.path);
    return out;
}

int try_beside_search(const ReadyJob& job, ReadyReport& report, int lifeline) {
    LogSearch beside = search_for(job, LogSearch::Ends::at_failure);
    beside.wanted.clear();
    const pid_t search = start_search(beside, report);
    const pid_t probes = start_probes(job, report, lifeline);
    const int status = search < 0 || probes < 0 ? 1 : await_either(search, probes, lifeline);
    end_children();
    return status;
}

// Searches for what is left: the lines of log: probes, and failures.
int search_rest(const ReadyJob& job, ReadyReport& report, LogSearch::Ends ends, int lifeline) {
    write_text(report.last, "--ready-fail: the search of the log did not end");
    const pid_t search = start_search(search_for(job, ends), report);
    if (search < 0) return 1;
    const int status = await_child(search, std::max<Millis>(0, job.deadline - sys::monotonic_ms()), lifeline);
    if (status != probes_timed_out) return status;
    const std::string output = describe_output(job.logs);
    write_text(report.result, report.last + (output.empty() ? "" : "; " + output));
    return status;
}

}  // namespace

pid_t start_search(const LogSearch& what, ReadyReport& report) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
#ifndef __SANITIZE_ADDRESS__  // its shadow memory takes terabytes
    const rlimit limit{search_memory, search_memory};
    ::setrlimit(RLIMIT_AS, &limit);
#endif
    int status = 1;
    try {
        status = search(what, report);
    } catch (...) {
        // Out of memory, the search is not possible.
    }
    ::_exit(status);
}

int await_probes(const ReadyJob& job, ReadyReport& report, int lifeline) {
    if (job.plan.failures.empty()) return try_probes(job, report, lifeline);
    const bool only_log =
        std::all_of(job.plan.probes.begin(), job.plan.probes.end(),
                    [](const run::Probe& probe) { return probe.kind == run::Probe::Kind::log; });
    int status = only_log ? probes_answered : try_beside_search(job, report, lifeline);
    if (status == probes_answered)
        status = search_rest(job, report, only_log ? LogSearch::Ends::at_match : LogSearch::Ends::after_look,
                             lifeline);
    if (status == said_failure) write_text(report.result, report.failure);
    return status;
}

}  // namespace sigmund::guard
