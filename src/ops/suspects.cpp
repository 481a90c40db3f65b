// SPDX-License-Identifier: Apache-2.0
#include "ops/suspects.hpp"

#include <unistd.h>

#include <algorithm>
#include <unordered_map>

#include "run/means.hpp"
#include "sys/file.hpp"
#include "text/duration.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t most_named = 10;

// A guardian has no environment, and its parent has ended, so it is recognized by its title.
bool is_guardian(const sys::ProcStat& stat, const std::vector<std::string>& argv) {
    return stat.session == stat.pid && !argv.empty() && argv[0].starts_with("sigmund: ");
}

std::string name_of(const sys::ProcStat& stat, std::vector<std::string> argv) {
    if (argv.empty()) return stat.comm;
    while (argv.size() > 1 && argv.back().empty()) argv.pop_back();
    std::string words = text::quote(argv);
    if (words.size() > 60) words.resize(60);
    return words;
}

}  // namespace

std::vector<Suspect> find_suspects(const run::Record& record, const run::Census& census, Roster& roster,
                                   uid_t user) {
    std::vector<Suspect> out;
    if (!census.same_boot(record) || !census.same_pid_namespace(record)) return out;
    const sys::Procfs& proc = census.proc();
    const std::uint64_t began =
        record.guardian_ticks != 0 ? record.guardian_ticks : record.identity.start_ticks;
    std::unordered_map<pid_t, sys::ProcStat> all;
    for (const pid_t pid : run::list_with_means([&] { return proc.processes(); }))
        if (auto stat = run::with_means([&] { return proc.stat(pid); }); stat && !stat->dead())
            all.emplace(pid, std::move(*stat));
    // All orphans of a run are adopted by the same process. If none was seen, that is init or a process that
    // adopts within a login: an ancestor of this process, or a systemd of the user.
    const std::set<pid_t>& seen = roster.reapers();
    std::set<pid_t> reapers = seen;
    std::set<pid_t> own;
    for (pid_t above = ::getpid(); above > 0 && all.contains(above) && own.insert(above).second;)
        above = all.at(above).ppid;
    if (seen.empty()) {
        reapers.insert(1);
        reapers.insert(own.begin(), own.end());
        for (const auto& [pid, stat] : all)
            if (stat.ppid == 1 && stat.comm == "systemd") reapers.insert(pid);
    }
    const sys::FileId own_exe = proc.exe(::getpid());
    std::set<pid_t> pinned;
    for (const Pinned& each : roster.all()) pinned.insert(each.member.pid);
    const auto orphan = [&](const sys::ProcStat& stat) {
        return stat.start_ticks >= began && reapers.contains(stat.ppid) && stat.ppid != ::getpid();
    };
    for (const auto& [pid, stat] : all) {
        if (pid == 1 || !orphan(stat) || stat.terminal != 0 || own.contains(pid) || pinned.contains(pid) ||
            pid == record.guardian_pid)
            continue;
        // The process must have left the run's session: it, or one of its ancestors, started a new one.
        const auto leader = all.find(stat.session);
        if (stat.session != pid && leader != all.end() && !orphan(leader->second)) continue;
        const auto users = run::with_means([&, id = pid] { return proc.users(id); });
        if (!users || std::find(users->begin(), users->end(), user) == users->end()) continue;
        const auto key = run::with_means([&, id = pid] { return proc.environment_value(id, "SIGMUND_KEY"); });
        if (key && *key != record.key) continue;  // it belongs to another run
        const auto argv = proc.command_line(pid);
        // A guardian is not a suspect, and neither is a launcher that is about to become one.
        if (is_guardian(stat, argv) || (own_exe.known() && proc.exe(pid) == own_exe)) continue;
        const std::string group = sys::read_small("/proc/" + std::to_string(pid) + "/cgroup");
        if (!group.empty() && !roster.cgroups().empty() && !roster.cgroups().contains(group)) continue;
        const auto ticks = static_cast<sys::Millis>(stat.start_ticks - began);
        out.push_back({pid, name_of(stat, argv), ticks * 1000 / sys::clock_ticks_per_second()});
    }
    std::sort(out.begin(), out.end(), [](const Suspect& a, const Suspect& b) { return a.pid < b.pid; });
    return out;
}

std::string suspects_text(const std::vector<Suspect>& suspects) {
    std::string out =
        "its guardian had been killed, and these processes may belong to the run, which cannot be proven: ";
    for (std::size_t i = 0; i < suspects.size() && i < most_named; ++i)
        out += (i > 0 ? ", " : "") + std::to_string(suspects[i].pid) + " (" + suspects[i].command +
               ", started " + text::format_duration(suspects[i].after_ms, true) + " after it)";
    if (suspects.size() > most_named) out += " and " + std::to_string(suspects.size() - most_named) + " more";
    return out;
}

}  // namespace sigmund::ops
