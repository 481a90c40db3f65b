// SPDX-License-Identifier: Apache-2.0
#include "ops/launch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "guard/plan.hpp"
#include "ops/ci.hpp"
#include "ops/environment.hpp"
#include "ops/launch_plan.hpp"
#include "ops/start_guardian.hpp"
#include "ops/stop.hpp"
#include "ops/take_name.hpp"
#include "ops/take_port.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "run/label.hpp"
#include "run/own_proc.hpp"
#include "run/project.hpp"
#include "run/shell_marks.hpp"
#include "run/shell_session.hpp"
#include "run/shell_stores.hpp"
#include "sys/error.hpp"
#include "sys/limits.hpp"
#include "sys/own_file.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void not_started(const std::string& what, int error, const std::string& hint = {}) {
    throw Failure(Exit::not_started, "not_started", what + ": " + sys::describe_errno(error), hint);
}

// Removes what was created for a start that fails. The lock of the id is held until then.
class Undo {
  public:
    explicit Undo(guard::Plan& plan) : plan_(&plan) {}
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;
    ~Undo() {
        if (!plan_) return;
        const run::Store& store = plan_->store;
        const std::string& id = plan_->record.id;
        if (marked_) {
            run::ShellMarks(store).drop_live(plan_->record.shell, id);
            run::drop_dead_links(shell_, hook_);
        }
        for (std::size_t i = 0; i < plan_->worker_logs.size(); ++i)
            store.drop_log(id, run::LogPart::worker, static_cast<int>(i));
        plan_->port_lock.release(store);
        store.remove(id, plan_->lock);
        if (!plan_->record.name.empty())
            store.unlock_name(run::scoped_name(plan_->record), std::move(plan_->name_lock));
    }
    void forget() { plan_ = nullptr; }
    void remember_mark() {
        marked_ = true;
        shell_ = plan_->record.shell;
        hook_ = run::store_of_hook(shell_);
    }
    // Does what is left after a guardian in this memory has removed all else. The plan and the environment have
    // gone to the guardian.
    void finish() {
        if (marked_) run::drop_dead_links(shell_, hook_);
        forget();
    }

  private:
    guard::Plan* plan_;
    bool marked_ = false;
    std::string shell_, hook_;
};

// Creates the mark that tells the hook of the shell that this run is one of its own and lives.
void mark_shell(const run::Store& store, const run::Record& record, Undo& undo) {
    const run::ShellMarks marks(store);
    if (const int error = marks.add(record.shell, record.id); error != 0)
        not_started("cannot create " + marks.path_of(record.shell, record.id), error);
    undo.remember_mark();
    // Without this the run is not reported by a shell that has moved to another store, which is no reason not to
    // start it.
    (void)run::show_to_hook(store, record.shell);
}

run::Reservation reserve(const run::Store& store, bool with_log) {
    try {
        return store.reserve(with_log);
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        throw Failure(Exit::not_started, "not_started", error.what(),
                      number == ENOSPC || number == EDQUOT
                          ? "make room, or set SIGMUND_STATE_DIR to a folder on another disk; "
                            "`sigmund prune` removes finished runs"
                      : number == EROFS ? "set SIGMUND_STATE_DIR to a folder you can write to"
                                        : "");
    }
}

sys::Input open_stdin(const std::string& path) {
    sys::InputProblem problem;
    sys::Input input = path == run::open_input ? sys::open_pipe(problem) : sys::open_input(path, problem);
    const int error = errno;
    std::string hint;
    switch (problem) {
        case sys::InputProblem::none:
            return input;
        case sys::InputProblem::folder:
        case sys::InputProblem::socket:
            throw Failure(
                Exit::not_started, "not_started",
                "cannot open stdin " + path +
                    (problem == sys::InputProblem::folder ? ": it is a folder" : ": it is a socket"));
        case sys::InputProblem::no_writer:
            hint = "to wait for a writer of a FIFO, sigmund must be permitted to write to it";
            break;
        case sys::InputProblem::other:
            break;
    }
    not_started("cannot open stdin " + path, error, hint);
}

sys::Fd open_log_elsewhere(const std::string& path) {
    sys::Fd fd = sys::open_or_create_own(AT_FDCWD, path.c_str(), O_WRONLY | O_APPEND);
    if (fd) return fd;
    const int error = errno;
    // The kind of the file is the better message, even when it cannot be opened for writing at all.
    struct stat st {};
    const char* why = sys::why_not_own(error);
    if (error == EACCES && ::lstat(path.c_str(), &st) == 0 && st.st_uid != ::geteuid())
        why = sys::why_not_own(EPERM);
    if (why)
        throw Failure(Exit::not_started, "not_started", "cannot open log " + path + ": it " + why,
                      error == ELOOP ? "name the file itself" : "name a regular file of your own");
    not_started("cannot open log " + path, error);
}

Failure killed_during_start() {
    return {Exit::not_started, "not_started",
            "the guardian was killed during the start; nothing was left running"};
}

void give_up_after_guardian_death(const run::Store& store, const std::string& id) {
    // The guardian was killed in the middle of the start. The lock is still held here, so no other process
    // can clean up.
    run::Record record;
    if (store.read(id, run::Depth::full, record) == run::Read::ok) kill_members(record);
}

[[noreturn]] void report(const guard::StartReply& reply, const run::Spec& spec) {
    const std::string& argv0 =
        spec.stages.empty() ? spec.argv[0] : spec.stages[static_cast<std::size_t>(reply.part)][0];
    const std::string command = argv0;
    const std::string why = sys::describe_errno(reply.error);
    if (reply.guardian_failed) {
        if (reply.error == EOVERFLOW)
            throw Failure(Exit::not_started, "not_started",
                          "cannot start " + command + ": the record of this run would be longer than " +
                              std::to_string((run::record_limit - run::record_growth) >> 20) + " MiB",
                          "pass long texts to the command in a file");
        std::string hint;
        if (reply.error == ENOSPC || reply.error == EDQUOT)
            hint = "make room, or set SIGMUND_STATE_DIR to another disk";
        else if (reply.error == EAGAIN)
            hint = "too many processes: see `ulimit -u`";
        else if (reply.error == EMFILE)
            hint = "too many descriptors for one process: see `ulimit -n`";
        if (reply.error == EPIPE || reply.error == ECHILD || reply.error == ECONNRESET)
            throw Failure(Exit::not_started, "not_started",
                          "cannot start " + command + ": its process was killed before it could execute");
        throw Failure(Exit::not_started, "not_started", "cannot start " + command + ": " + why, hint);
    }
    if (reply.stage != sys::SpawnStage::exec) {
        std::string hint;
        const bool denied = reply.error == EPERM || reply.error == EACCES;
        if (reply.stage == sys::SpawnStage::limits && denied)
            hint = "only root may raise a hard limit: see `ulimit -H -a`";
        if (reply.stage == sys::SpawnStage::priority && denied)
            hint = "only root may lower the niceness, as far as `ulimit -e` does not permit it";
        throw Failure(
            Exit::not_started, "not_started",
            std::string("cannot ") + sys::spawn_stage_name(reply.stage) + " for " + command + ": " + why,
            hint);
    }
    if (reply.error == ENOENT) {
        const bool path = argv0.find('/') != std::string::npos;
        const bool there = path && ::access(argv0.c_str(), F_OK) == 0;
        throw Failure(Exit::not_installed, "command_not_found",
                      command + (path ? ": no such file" : ": command not found"),
                      there ? "the file exists, but its interpreter (see its first line) does not" : "");
    }
    struct stat st {};
    if (reply.error == EACCES && argv0.find('/') != std::string::npos && ::stat(argv0.c_str(), &st) == 0 &&
        S_ISDIR(st.st_mode))
        throw Failure(Exit::not_executable, "not_executable", command + ": it is a folder");
    if (reply.error == EACCES)
        throw Failure(Exit::not_executable, "not_executable", command + ": " + why,
                      "make it executable: chmod +x " + command);
    throw Failure(Exit::not_executable, "not_executable", "cannot execute " + command + ": " + why);
}

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

std::string current_folder() {
    char* const here = ::getcwd(nullptr, 0);
    if (!here) not_started("cannot determine the current folder", errno, "cd to one that exists");
    std::string out = here;
    ::free(here);
    return out;
}

std::string real_path(const std::string& path) {
    char* const real = ::realpath(path.c_str(), nullptr);
    std::string out = real ? real : "";
    ::free(real);
    return out;
}

// Returns "/a/c" for "/a/./b/../c//" if that names the same folder, whose real path is `real`; after a
// symbolic link, `..` may name another folder. Else returns `path`.
std::string without_dots(const std::string& path, const std::string& real) {
    std::string out;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        at = end + 1;
        if (part == "..")
            out.erase(std::min(out.rfind('/'), out.size()));
        else if (!part.empty() && part != ".")
            out += '/' + part;
    }
    if (out.empty()) out = "/";
    return out == real || real_path(out) == real ? out : path;
}

// Reports a command that would certainly fail before the holder of the name is stopped for it.
void check_commands(const guard::Plan& plan, const run::Spec& spec) {
    for (std::size_t i = 0; i < plan.commands.size(); ++i)
        if (const int error = plan.commands[i]->look(); error != 0)
            report({false, false, sys::SpawnStage::exec, error, static_cast<int>(i), 0}, spec);
}

}  // namespace

void resolve_cwd(run::Spec& spec) {
    if (spec.cwd.empty() || spec.cwd[0] != '/') {
        const std::string here = current_folder();
        spec.cwd = spec.cwd.empty() ? here : here + '/' + spec.cwd;
    }
    // A symbolic link is kept, so that each life starts in the folder that it points to by then (such as
    // `current` of a deployment).
    std::string folder = spec.cwd;
    if (const std::string real = real_path(spec.cwd); !real.empty()) folder = real;
    spec.cwd = without_dots(spec.cwd, folder);
    if (spec.in_project) return;
    run::Project project = run::find_project(folder);
    spec.project = std::move(project.folder);
    spec.in_project = project.found;
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

void clean_up_after_killed_guardian(const std::string& path, const std::string& id,
                                    const run::ScopedName& name, const std::string& shell,
                                    const std::string& hook) {
    const run::Store store = run::Store::open(path);
    if (!store.present() || !run::is_id(id)) throw killed_during_start();
    const run::IdLock lock = store.try_lock_id(id, true);
    give_up_after_guardian_death(store, id);
    if (!shell.empty()) {
        run::ShellMarks(store).drop_live(shell, id);
        run::drop_dead_links(shell, hook);
    }
    if (!name.empty())
        if (auto taken = store.lock_name(name, id); taken.lock)
            store.unlock_name(name, std::move(taken.lock));
    if (lock) store.remove(id, lock);
    throw killed_during_start();
}

run::Record launch(LaunchRequest request) {
    run::require_own_proc(Exit::not_started);
    sys::lift_limits();  // the guardian inherits the raised limits; the command gets the original ones
    run::Spec& spec = request.spec;
    resolve_cwd(spec);
    const std::vector<std::string> assignments = own_assignments(spec.environment);
    check_port_variable(spec.port, assignments);
    std::vector<std::string> environment = build_environment(spec.environment, assignments);
    if (spec.survive == "job") drop_cookies(environment);

    sys::SpareFds spares;  // taken before any other descriptor, so that they have the lowest numbers
    if (!sys::SpareFds::scarce(0)) spares.hold();
    guard::Plan plan(run::Store::create());
    plan.spares = std::move(spares);
    const run::Store& store = plan.store;
    const run::View view = run::View::of(store);

    plan.cwd.reset(::open(spec.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan.cwd) not_started("cannot enter " + spec.cwd, errno);
    if (!spec.stdin_path.empty()) {
        plan.input = open_stdin(spec.stdin_path);
        plan.stdin_file = std::move(plan.input.read);
    }

    run::Reservation reserved = reserve(store, spec.log_path.empty());
    plan.record.id = reserved.id;
    run::NameClaim claim;  // given up last, when the run has the name or nothing of the start is left
    Undo undo(plan);
    plan.lock = std::move(reserved.lock);
    plan.log = spec.log_path.empty() ? std::move(reserved.log) : open_log_elsewhere(spec.log_path);
    if (spec.split_log) {
        plan.error_log = store.create_log(reserved.id, run::LogPart::errors);
        if (!plan.error_log)
            not_started("cannot create " + store.log_path(reserved.id, run::LogPart::errors), errno);
    }

    run::Record& record = plan.record;
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
    std::optional<run::Record> replaced;
    const run::ScopedName name = run::scoped_name(spec);
    if (request.replace) {
        claim = claim_name(view, name, record.id);
        replaced = holder_of(view, name);
    } else if (!name.empty()) {
        plan.name_lock = take_name(view, name, record.id);
    }
    record.name = spec.name;
    if (!record.shell.empty() && !record.keep) mark_shell(store, record, undo);
    try {
        plan.listener = store.listen(record.id);
    } catch (const std::system_error& error) {
        throw Failure(Exit::not_started, "not_started", error.what());
    }

    plan.port_lock = std::move(request.port_lock);
    take_ports(view, plan, spec, replaced);
    plan_commands(plan, spec, std::move(environment));
    plan_supervision(plan, spec, replaced ? replaced->pid : 0);
    check_readiness(view, plan, spec, replaced);
    if (request.viewer) {
        plan.extras->viewer = std::move(request.viewer);
        plan.extras->viewer_channel = std::move(request.viewer_channel);
    }
    plan.stop_signal = spec.stop_signal;
    plan.timeout = spec.timeout;
    plan.stdin_path = spec.stdin_path;

    // This is the last step before the start: every problem of the new run has been reported by now.
    if (request.replace) {
        check_commands(plan, spec);
        plan.name_lock = replace_holder(view, name, record.id);
        if (replaced) take_over_ports(view, plan, spec, *replaced);
        record.started_ms = sys::realtime_ms();
    }

    std::optional<StartOutcome> outcome;
    if (request.parting && !request.launcher_stays && !request.replace && may_share(plan))
        outcome = share_with_guardian(plan, request.parting);
    if (!outcome)
        outcome = fork_guardian(plan, request.launcher_stays, [&] {
            undo.forget();
            request = {};  // the plan has everything that is needed: freeing this keeps the guardian small
        });
    if (outcome->fork_error != 0)
        not_started("cannot start a process", outcome->fork_error,
                    outcome->fork_error == EAGAIN ? "too many processes: see `ulimit -u`" : "");
    if (!outcome->answered) {
        give_up_after_guardian_death(store, record.id);
        throw killed_during_start();
    }
    const guard::StartReply& reply = outcome->reply;
    if (outcome->cleaned_up) undo.finish();
    if (!reply.started) report(reply, spec);
    undo.forget();
    record.pid = record.pgid = record.sid = reply.pid;
    record.state = spec.ready.empty() ? run::State::running : run::State::starting;
    return std::move(plan.record);
}

}  // namespace sigmund::ops
