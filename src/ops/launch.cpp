// SPDX-License-Identifier: Apache-2.0
#include "ops/launch.hpp"

#include <unistd.h>

#include <system_error>

#include "guard/plan.hpp"
#include "ops/ci.hpp"
#include "ops/environment.hpp"
#include "ops/launch_plan.hpp"
#include "ops/name_and_ports.hpp"
#include "ops/resolve_cwd.hpp"
#include "ops/start_failure.hpp"
#include "ops/start_files.hpp"
#include "ops/start_guardian.hpp"
#include "ops/take_port.hpp"
#include "ops/undo_start.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "run/label.hpp"
#include "run/own_proc.hpp"
#include "run/shell_session.hpp"
#include "sys/limits.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

// A guardian that cannot write its record would leave a run whose result is never known, so such a start is
// refused.
void check_file_size(const run::Record& record) {
    constexpr std::size_t growth = 8 * 1024;  // by how many bytes a record grows while its run lives
    const rlim_t limit = sys::file_size_limit();
    if (limit == RLIM_INFINITY) return;
    const std::size_t needed = run::write_record(record).size() * 2 + growth;
    if (limit >= needed) return;
    throw Failure(
        Exit::not_started, "not_started",
        "the hard limit of file sizes (" + std::to_string(limit) +
            " bytes) is too small to record the run: " + std::to_string(needed) + " bytes are needed",
        "set only the soft limit, as in `ulimit -S -f 0`: it applies to the command, but not to sigmund");
}

// Returns the environment of the command.
std::vector<std::string> environment_of(const run::Spec& spec) {
    const std::vector<std::string> assignments = own_assignments(spec.environment);
    check_port_variable(spec.port, assignments);
    std::vector<std::string> environment = build_environment(spec.environment, assignments);
    if (spec.survive == "job") drop_cookies(environment);
    return environment;
}

// Fills in what is known of the run before it has a name. The record must have its id.
void fill_record(run::Record& record, const run::Spec& spec, const run::Store& store) {
    run::keep_spec(record, spec);
    record.started_ms = sys::realtime_ms();
    record.key = run::random_hex(16);
    record.host = sys::host_name();
    record.log = spec.log_path.empty() ? store.log_path(record.id) : spec.log_path;
    record.log_external = !spec.log_path.empty();
    record.uid = ::getuid();
    record.gid = ::getgid();
    record.shell = run::current_shell();
    check_file_size(record);
}

void listen(guard::Plan& plan) {
    try {
        plan.listener = plan.store.listen(plan.record.id);
    } catch (const std::system_error& error) {
        throw Failure(Exit::not_started, "not_started", error.what());
    }
}

// Plans what the guardian does. The name and the ports of the run must be planned.
void plan_guardian(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                   std::vector<std::string> environment, const std::optional<run::Record>& replaced) {
    plan_commands(plan, spec, std::move(environment));
    plan_supervision(plan, spec, replaced ? replaced->pid : 0);
    check_readiness(view, plan, spec, replaced);
    plan.stop_signal = spec.stop_signal;
    plan.timeout = spec.timeout;
    plan.stdin_path = spec.stdin_path;
}

// Reports a command that would certainly fail before the holder of the name is stopped for it.
void check_commands(const guard::Plan& plan, const run::Spec& spec) {
    for (std::size_t i = 0; i < plan.commands.size(); ++i)
        if (const int error = plan.commands[i]->look(); error != 0)
            report({false, false, sys::SpawnStage::exec, error, static_cast<int>(i), 0}, spec);
}

StartOutcome start_guardian(guard::Plan& plan, LaunchRequest& request, UndoStart& undo) {
    std::optional<StartOutcome> outcome;
    if (request.parting && !request.launcher_stays && !request.replace && may_share(plan))
        outcome = share_with_guardian(plan, request.parting);
    if (outcome) return *outcome;
    return fork_guardian(plan, request.launcher_stays, [&] {
        undo.forget();
        request = {};  // the plan has everything that is needed: freeing this keeps the guardian small
    });
}

// Reports a start that failed; otherwise nothing is to be undone any more.
void check_outcome(const StartOutcome& outcome, const guard::Plan& plan, const run::Spec& spec,
                   UndoStart& undo) {
    if (outcome.fork_error != 0)
        not_started("cannot start a process", outcome.fork_error,
                    outcome.fork_error == EAGAIN ? "too many processes: see `ulimit -u`" : "");
    if (!outcome.answered) {
        end_after_guardian_death(plan.store, plan.record.id);
        throw killed_during_start();
    }
    if (outcome.cleaned_up) undo.finish();
    if (!outcome.reply.started) report(outcome.reply, spec);
    undo.forget();
}

}  // namespace

run::Record launch(LaunchRequest request) {
    run::require_own_proc(Exit::not_started);
    sys::lift_limits();  // the guardian inherits the raised limits; the command gets the original ones
    run::Spec& spec = request.spec;
    resolve_cwd(spec);
    std::vector<std::string> environment = environment_of(spec);

    sys::SpareFds spares;  // taken before any other descriptor, so that they have the lowest numbers
    if (!sys::SpareFds::scarce(0)) spares.hold();
    guard::Plan plan(run::Store::create());
    plan.spares = std::move(spares);
    const run::View view = run::View::of(plan.store);
    open_folder_and_stdin(plan, spec);

    run::Reservation reserved = reserve_id(plan.store, spec);
    run::Record& record = plan.record;
    record.id = reserved.id;
    NameAndPorts taken(view, plan, spec, request.replace);
    UndoStart undo(plan);
    plan.lock = std::move(reserved.lock);
    open_logs(plan, spec, std::move(reserved.log));

    fill_record(record, spec, plan.store);
    taken.take_name();
    if (!record.shell.empty() && !record.keep) undo.mark_shell();
    listen(plan);
    taken.take_ports(std::move(request.port_lock));
    plan_guardian(view, plan, spec, std::move(environment), taken.replaced());
    if (request.viewer) {
        plan.extras->viewer = std::move(request.viewer);
        plan.extras->viewer_channel = std::move(request.viewer_channel);
    }

    // This is the last step before the start: every problem of the new run has been reported by now.
    if (request.replace) {
        check_commands(plan, spec);
        taken.take_over();
        record.started_ms = sys::realtime_ms();
    }

    const StartOutcome outcome = start_guardian(plan, request, undo);
    check_outcome(outcome, plan, spec, undo);
    record.pid = record.pgid = record.sid = outcome.reply.pid;
    record.state = spec.ready.empty() ? run::State::running : run::State::starting;
    return std::move(plan.record);
}

run::Record as_written(const run::Store& store, const run::Record& launched) {
    constexpr int attempts = 50;
    run::Record record;
    for (int i = 0; i < attempts; ++i) {
        if (store.load(launched.id, run::Depth::full, record) == run::Read::ok) return record;
        ::usleep(10'000);
    }
    throw Failure(Exit::usage, "failed", run::label(launched) + " was started, but its record cannot be read",
                  "sigmund stop " + launched.id + ", or sigmund list", launched.id);
}

}  // namespace sigmund::ops
