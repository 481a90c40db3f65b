// SPDX-License-Identifier: Apache-2.0
#include "ops/take_port.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ops/launch_plan.hpp"
#include "ops/port_runs.hpp"
#include "ops/take_name.hpp"
#include "run/failure.hpp"
#include "run/holder.hpp"
#include "run/worktree.hpp"
#include "sys/error.hpp"
#include "sys/listeners.hpp"
#include "sys/ports.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;
using run::PortRange;

constexpr sys::Millis free_patience = 10'000;  // for the guardian of a finished run to free its ports

[[noreturn]] void refuse(const std::string& code, const std::string& what, const std::string& hint = {}) {
    throw Failure(Exit::not_started, code, what, hint);
}

// Refuses ports on which a process listens.
void look_at(const guard::Plan& plan, const run::Spec& spec, const PortRange& ports,
             const std::vector<pid_t>& replaced) {
    static const std::vector<run::Probe> no_probes;
    guard::ReadyLook look;
    guard::look_before_life({.probes = no_probes,
                             .kept = guard::sockets_of(spec.keep_fds),
                             .store = plan.store,
                             .project = plan.record.project,
                             .replaced = replaced,
                             .ports = ports},
                            look);
    using Found = guard::ReadyLook::Found;
    if (look.found != Found::free)
        refuse(look.found == Found::taken ? "port_taken" : "not_started", look.problem);
}

[[noreturn]] void reserved_by(const guard::Plan& plan, const run::Record& holder, const PortRange& ports) {
    refuse("port_taken", "port " + std::to_string(std::max(run::ports_of(holder).first, ports.first)) +
                             " is reserved by " + run::name_run(holder, plan.record.project));
}

// Tells which other run has reserved one of these ports.
[[noreturn]] void reserved(const run::View& view, const guard::Plan& plan, const PortRange& ports) {
    for (const run::Judged& run : live_runs_with_ports(view))
        if (run::ports_of(run.record).overlaps(ports)) reserved_by(plan, run.record, ports);
    refuse("port_taken",
           "port " + std::to_string(ports.first) + (ports.count > 1 ? " or one of the next" : "") +
               " is reserved by another start",
           "try again, or choose another port");
}

// Takes exactly these ports.
void take_fixed(const run::View& view, guard::Plan& plan, const run::Spec& spec, const PortRange& ports,
                const std::optional<run::Record>& replaced) {
    const bool own = plan.port_lock.try_take(ports);
    look_at(plan, spec, ports, replaced ? processes_of(view, *replaced) : std::vector<pid_t>{});
    if (!own && !(replaced && run::ports_of(*replaced).overlaps(ports))) reserved(view, plan, ports);
    for (const run::Judged& run : unguarded_runs_with_ports(view))
        if (!(replaced && replaced->id == run.record.id) && run::ports_of(run.record).overlaps(ports))
            reserved_by(plan, run.record, ports);
}

// Returns the ports on which processes listen, and those of runs without a guardian, but not those of the run
// that is replaced, sorted.
std::vector<int> ports_in_use(const run::View& view, const std::optional<run::Record>& replaced) {
    const auto all = sys::tcp_listeners();
    if (!all) refuse("not_started", "cannot tell which ports are free: " + sys::describe_errno(errno));
    const PortRange its = replaced ? run::ports_of(*replaced) : PortRange{};
    const std::vector<pid_t> processes = replaced ? processes_of(view, *replaced) : std::vector<pid_t>{};
    const sys::Procfs& proc = view.census().proc();
    std::vector<int> out;
    for (const sys::TcpListener& each : *all) {
        const auto holds = [&](pid_t pid) { return sys::holds_socket(proc, pid, {each.inode}); };
        if (its.contains(each.port) && std::any_of(processes.begin(), processes.end(), holds)) continue;
        out.push_back(each.port);
    }
    for (const run::Judged& run : unguarded_runs_with_ports(view)) {
        const PortRange ports = run::ports_of(run.record);
        if (replaced && replaced->id == run.record.id) continue;
        for (int port = ports.first; port <= ports.last(); ++port) out.push_back(port);
    }
    std::sort(out.begin(), out.end());
    return out;
}

// What an automatic port depends on.
struct Wish {
    const std::string& project;
    const std::string& name;
    const run::Port& port;
    int count;
};

// Takes the first free ports.
PortRange take_automatic(const run::View& view, run::PortLock& lock, const Wish& wish,
                         const std::optional<run::Record>& replaced) {
    const std::vector<int> taken = ports_in_use(view, replaced);
    const PortRange its = replaced ? run::ports_of(*replaced) : PortRange{};
    const int base = wish.port.base != 0 && !run::in_linked_worktree(wish.project) ? wish.port.base : 0;
    for (const int first : run::automatic_ports(wish.project, wish.name, wish.count, base)) {
        const PortRange ports{first, wish.count};
        const auto at = std::lower_bound(taken.begin(), taken.end(), first);
        if (at != taken.end() && ports.contains(*at)) continue;
        // The ports of the run that is replaced become this start's when that run has ended.
        if (ports == its || lock.try_take(ports)) return ports;
    }
    refuse("port_taken",
           wish.count == 1
               ? "no port from 20000 to 29999 is free"
               : "no " + std::to_string(wish.count) + " consecutive ports from 20000 to 29999 are free",
           "`sigmund ports` shows which processes listen");
}

void take_when_free(const run::View& view, guard::Plan& plan, const run::Record& replaced) {
    const PortRange ports = run::ports_of(plan.record);
    const sys::Millis until = sys::monotonic_ms() + free_patience;
    while (!plan.port_lock.try_take(ports)) {
        if (guardian_frozen(replaced)) return;
        if (sys::monotonic_ms() >= until) reserved(view, plan, ports);
        ::usleep(2'000);
    }
}

}  // namespace

void check_port_variable(const run::Port& port, const std::vector<std::string>& assignments) {
    if (!port.asked()) return;
    const std::string prefix = std::string(run::port_variable) + '=';
    for (const std::string& each : assignments) {
        if (!each.starts_with(prefix) || each.substr(prefix.size()) == std::to_string(port.number)) continue;
        refuse("usage",
               "--port " + run::port_text(port) + " and " + each + " of the environment do not go together",
               "leave one of them out");
    }
}

void take_ports(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                const std::optional<run::Record>& replaced) {
    if (!spec.port.asked()) return;
    const int count = std::max(1, spec.pool);
    if (!plan.port_lock) plan.port_lock = run::PortLock::open(plan.store);
    PortRange ports{spec.port.number, count};
    const std::string name = spec.name.empty() ? text::join(spec.argv, " ") : spec.name;
    if (spec.port.number == 0)
        ports = take_automatic(view, plan.port_lock, {plan.record.project, name, spec.port, count}, replaced);
    else if (plan.port_lock.ports() == ports)
        look_at(plan, spec, ports, {});
    else
        take_fixed(view, plan, spec, ports, replaced);
    plan.record.port = ports.first;
}

int reserve_automatic_port(const run::View& view, const std::string& project, const std::string& name,
                           const run::Port& port, int count, run::PortLock& lock) {
    lock = run::PortLock::open(view.store());
    return take_automatic(view, lock, {project, name, port, count}, {}).first;
}

void take_over_ports(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                     const run::Record& replaced) {
    if (!plan.port_lock) return;
    if (plan.port_lock.ports().count == 0) take_when_free(view, plan, replaced);
    look_at(plan, spec, run::ports_of(plan.record), {});
}

}  // namespace sigmund::ops
