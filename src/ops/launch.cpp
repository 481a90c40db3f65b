// SPDX-License-Identifier: Apache-2.0
#include "ops/launch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include "guard/plan.hpp"
#include "ops/ci.hpp"
#include "ops/launch_plan.hpp"
#include "ops/shell_session.hpp"
#include "ops/stop.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "sys/affinity.hpp"
#include "sys/error.hpp"
#include "sys/unix_socket.hpp"
#include "text/escape.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void not_started(const std::string& what, int error, const std::string& hint = {}) {
    throw Failure(Exit::not_started, "not_started", what + ": " + sys::describe_errno(error), hint);
}

std::string shown(const std::string& path) {
    return text::escape_for_display(path);
}

bool names(const std::string& entry, const std::string& name) {
    return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

void read_environment_file(const std::string& path, std::vector<std::string>& out) {
    sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    std::string content;
    int error = fd ? sys::read_all(fd.get(), content, 1024 * 1024) : errno;
    if (error != 0) not_started("cannot read " + shown(path), error);
    int number = 0;
    for (std::size_t at = 0; at < content.size();) {
        const auto end = std::min(content.find('\n', at), content.size());
        std::string line = content.substr(at, end - at);
        at = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        line.erase(0, line.find_first_not_of(" \t"));
        if (line.empty() || line[0] == '#') continue;
        if (line.starts_with("export ")) line.erase(0, 7);
        const auto equals = line.find('=');
        if (equals == std::string::npos || equals == 0)
            throw Failure(Exit::not_started, "usage",
                          shown(path) + ":" + std::to_string(number) + ": not NAME=VALUE");
        if (line.find('\0') != std::string::npos)  // it would end the value unseen
            throw Failure(Exit::not_started, "usage",
                          shown(path) + ":" + std::to_string(number) + ": holds a NUL byte");
        // One pair of quotes around the whole value is taken off, as docker and systemd do.
        std::string value = line.substr(equals + 1);
        if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
            value = value.substr(1, value.size() - 2);
        out.push_back(line.substr(0, equals + 1) + value);
    }
}

// Removes what was made for a start that fails; the id's lock is held until then.
class Undo {
  public:
    explicit Undo(guard::Plan& plan) : plan_(&plan) {}
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;
    ~Undo() {
        if (!plan_) return;
        const run::Store& store = plan_->store;
        const std::string& id = plan_->record.id;
        if (!marker_.empty()) ::unlinkat(store.dir(), marker_.c_str(), 0);
        for (std::size_t i = 0; i < plan_->worker_logs.size(); ++i)
            ::unlinkat(store.dir(), run::worker_log(id, static_cast<int>(i)).c_str(), 0);
        store.remove(id);
        if (!plan_->record.name.empty()) store.unlock_name(plan_->record.name, std::move(plan_->name_lock));
    }
    void forget() { plan_ = nullptr; }
    void remember_marker(std::string marker) { marker_ = std::move(marker); }

  private:
    guard::Plan* plan_;
    std::string marker_;
};

// shells/SHELL/run.ID: how the shell's hook knows that this run is its own and lives.
std::string make_marker(const run::Store& store, const std::string& shell, const std::string& id) {
    std::string marker = "shells/" + shell + "/run." + id;
    sys::Fd fd;
    // The shell's own notices remove its folder when it is empty, perhaps just now.
    for (int attempt = 0; attempt < 8 && !fd; ++attempt) {
        ::mkdirat(store.dir(), "shells", 0700);
        ::mkdirat(store.dir(), ("shells/" + shell).c_str(), 0700);
        fd.reset(::openat(store.dir(), marker.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!fd && errno != ENOENT) break;
    }
    if (!fd) not_started("cannot create " + shown(store.file_path(marker)), errno);
    return marker;
}

run::Reservation reserve(const run::Store& store, bool with_log) {
    try {
        return store.reserve(with_log);
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        throw Failure(Exit::not_started, "not_started", error.what(),
                      number == ENOSPC || number == EDQUOT
                          ? "make room, or set SIGMUND_STATE_DIR to another disk; "
                            "`sigmund prune` removes what is over"
                      : number == EROFS ? "set SIGMUND_STATE_DIR to a folder you can write to"
                                        : "");
    }
}

sys::Fd open_log_elsewhere(const std::string& path) {
    sys::Fd fd(::open(path.c_str(),
                      O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
    if (!fd && errno == ELOOP)
        throw Failure(Exit::not_started, "not_started",
                      "cannot open log " + shown(path) + ": a symbolic link", "name the file itself");
    if (!fd) not_started("cannot open log " + shown(path), errno);
    struct stat st {};
    sys::check(::fstat(fd.get(), &st), "stat", path);
    if (!S_ISREG(st.st_mode))
        throw Failure(Exit::not_started, "not_started", "log " + shown(path) + " is not a regular file");
    ::fcntl(fd.get(), F_SETFL, O_APPEND);  // O_NONBLOCK was for the opening only
    return fd;
}

void take_name(const run::Store& store, guard::Plan& plan, const std::string& name, bool replace) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto taken = store.lock_name(name, plan.record.id);
        if (taken.lock) {
            plan.name_lock = std::move(taken.lock);
            plan.record.name = name;
            return;
        }
        if (!replace)
            throw Failure(Exit::usage, "name_taken", "name " + name + " is taken by " + taken.holder,
                          "sigmund stop " + name + ", or start with --replace", name);
        run::Record holder;
        if (store.load(taken.holder, run::Depth::full, holder) == run::Read::ok) {
            const auto outcomes = stop(store, {holder}, StopRequest{});
            if (!outcomes.empty() && outcomes[0].exit != Exit::done && outcomes[0].suspects.empty())
                throw Failure(Exit::remaining, "survivors",
                              "could not stop " + taken.holder + ", which holds the name " + name + ": " +
                                  outcomes[0].why);
        }
        // Its guardian answers before it has let the name go.
        for (int i = 0; i < 500 && store.name_holder(name); ++i) ::usleep(2000);
    }
    throw Failure(Exit::usage, "name_taken", "name " + name + " is taken again and again", "try once more",
                  name);
}

void give_up_after_guardian_death(const run::Store& store, const std::string& id) {
    // It was killed in the middle of the start. The lock is still held here, so this is the only one to tidy
    // up.
    run::Record record;
    if (store.load(id, run::Depth::full, record) == run::Read::ok) kill_members(record);
}

[[noreturn]] void report(const guard::StartReply& reply, const run::Spec& spec) {
    const std::string& argv0 =
        spec.stages.empty() ? spec.argv[0] : spec.stages[static_cast<std::size_t>(reply.part)][0];
    const std::string command = text::escape_for_display(argv0);
    const std::string why = sys::describe_errno(reply.error);
    if (reply.guardian_failed) {
        std::string hint;
        if (reply.error == ENOSPC || reply.error == EDQUOT)
            hint = "make room, or set SIGMUND_STATE_DIR to another disk";
        else if (reply.error == EAGAIN)
            hint = "too many processes: see `ulimit -u`";
        else if (reply.error == EMFILE)
            hint = "too many descriptors for one process: see `ulimit -n`";
        throw Failure(Exit::not_started, "not_started", "cannot start " + command + ": " + why, hint);
    }
    if (reply.stage != sys::SpawnStage::exec)
        throw Failure(
            Exit::not_started, "not_started",
            std::string("cannot ") + sys::spawn_stage_name(reply.stage) + " for " + command + ": " + why);
    if (reply.error == ENOENT) {
        const bool path = argv0.find('/') != std::string::npos;
        const bool there = path && ::access(argv0.c_str(), F_OK) == 0;
        throw Failure(Exit::not_installed, "command_not_found",
                      command + (path ? ": no such file" : ": command not found"),
                      there ? "the file is there: its interpreter (see its first line) is not" : "");
    }
    struct stat st {};
    if (reply.error == EACCES && argv0.find('/') != std::string::npos && ::stat(argv0.c_str(), &st) == 0 &&
        S_ISDIR(st.st_mode))
        throw Failure(Exit::not_executable, "not_executable", command + ": it is a folder");
    if (reply.error == EACCES)
        throw Failure(Exit::not_executable, "not_executable", command + ": " + why,
                      "is it executable? chmod +x " + command);
    throw Failure(Exit::not_executable, "not_executable", "cannot execute " + command + ": " + why);
}

}  // namespace

std::vector<std::string> build_environment(const run::Environment& environment) {
    std::vector<std::string> out;
    out.reserve(64);  // a guardian keeps them: no holes of outgrown lists in its memory
    static constexpr std::string_view clean_names[] = {"PATH", "HOME", "USER", "LANG", "TERM"};
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('='));
        if (name == "NOTIFY_SOCKET") continue;  // the caller's own supervisor is not the run's
        if (environment.clean &&
            std::find(std::begin(clean_names), std::end(clean_names), name) == std::end(clean_names))
            continue;
        if (std::find(environment.unset.begin(), environment.unset.end(), name) != environment.unset.end())
            continue;
        out.emplace_back(text);
    }
    std::vector<std::string> assignments;
    for (const std::string& file : environment.files) read_environment_file(file, assignments);
    assignments.insert(assignments.end(), environment.set.begin(), environment.set.end());
    for (const std::string& assignment : assignments) {
        const std::string name = assignment.substr(0, assignment.find('='));
        std::erase_if(out, [&](const std::string& entry) { return names(entry, name); });
        out.push_back(assignment);
    }
    return out;
}

void resolve_cwd(run::Spec& spec) {
    char here[PATH_MAX];
    if (spec.cwd.empty() || spec.cwd[0] != '/') {
        if (!::getcwd(here, sizeof here))
            not_started("the current folder cannot be told", errno, "cd to one that exists");
        spec.cwd = spec.cwd.empty() ? here : std::string(here) + '/' + spec.cwd;
    }
    if (char* real = ::realpath(spec.cwd.c_str(), nullptr)) {
        spec.cwd = real;
        ::free(real);
    }
    spec.project = run::find_project(spec.cwd);
}

run::Record launch(LaunchRequest request) {
    run::Spec& spec = request.spec;
    resolve_cwd(spec);
    std::vector<std::string> environment = build_environment(spec.environment);
    if (spec.survive == "job") drop_cookies(environment);

    guard::Plan plan(run::Store::create());
    const run::Store& store = plan.store;

    plan.cwd.reset(::open(spec.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan.cwd) not_started("cannot enter " + shown(spec.cwd), errno);
    if (!spec.stdin_path.empty()) {
        plan.stdin_file.reset(::open(spec.stdin_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
        if (!plan.stdin_file) not_started("cannot open stdin " + shown(spec.stdin_path), errno);
    }

    run::Reservation reserved = reserve(store, spec.log_path.empty());
    plan.record.id = reserved.id;
    Undo undo(plan);
    plan.lock = std::move(reserved.lock);
    plan.log = spec.log_path.empty() ? std::move(reserved.log) : open_log_elsewhere(spec.log_path);
    if (spec.split_log) {
        const std::string name = reserved.id + ".err";
        plan.error_log.reset(::openat(store.dir(), name.c_str(),
                                      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!plan.error_log) not_started("cannot create " + shown(store.file_path(name)), errno);
    }

    run::Record& record = plan.record;
    record.tags = spec.tags;
    record.argv = spec.argv;
    record.cwd = spec.cwd;
    record.project = spec.project;
    record.started_ms = sys::realtime_ms();
    record.key = run::random_hex(16);
    record.host = sys::host_name();
    record.keep = spec.keep;
    record.log = spec.log_path.empty() ? store.log_path(record.id) : spec.log_path;
    record.log_external = !spec.log_path.empty();
    record.split_log = spec.split_log;
    record.survive = spec.survive;
    record.uid = ::getuid();
    record.gid = ::getgid();
    record.stop_signal = spec.stop_signal;
    record.stop_timeout = spec.stop_timeout;
    record.options_json = run::write_options(spec);
    record.shell = current_shell();
    if (!spec.name.empty()) take_name(store, plan, spec.name, request.replace);
    if (!record.shell.empty() && !record.keep)
        undo.remember_marker(make_marker(store, record.shell, record.id));
    try {
        plan.listener = sys::listen_socket(store.dir(), store.path(), (record.id + ".sock").c_str());
    } catch (const std::system_error& error) {
        throw Failure(Exit::not_started, "not_started", error.what());
    }

    plan_commands(plan, spec, std::move(environment));
    plan_supervision(plan, spec);
    plan.stop_signal = spec.stop_signal;
    plan.timeout = spec.timeout;
    plan.stdin_path = spec.stdin_path;

    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) not_started("cannot start", errno);
    sys::Fd answers(pipe_ends[0]);
    plan.reply.reset(pipe_ends[1]);

    struct sigaction chld {};
    ::sigaction(SIGCHLD, nullptr, &chld);
    const sigset_t before = sys::block_all_signals();  // the guardian keeps them so; here they come back
    for (const auto& command : plan.commands) {
        command->inherited_chld_ignore = chld.sa_handler == SIG_IGN;
        command->inherited_mask = before;
    }
    sys::OneProcessor start;
    const pid_t pid = ::fork();
    const int fork_error = errno;
    start.release();
    if (pid == 0) {
        if (request.launcher_stays) {
            const pid_t second = ::fork();
            if (second < 0) {
                const guard::StartReply reply{false, true, sys::SpawnStage::session, errno, 0, 0};
                (void)!::write(plan.reply.get(), &reply, sizeof reply);
            }
            if (second != 0) ::_exit(0);
        }
        undo.forget();
        answers.reset();
        request = {};  // the plan has all that is needed: the guardian stays small
        guard::run_guardian(std::move(plan));
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) {
        not_started("cannot fork", fork_error, "too many processes: see `ulimit -u`");
    }
    if (request.launcher_stays)
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    plan.reply.reset();
    guard::StartReply reply;
    ssize_t n;
    do n = ::read(answers.get(), &reply, sizeof reply);
    while (n < 0 && errno == EINTR);
    if (n != static_cast<ssize_t>(sizeof reply)) {
        give_up_after_guardian_death(store, record.id);
        throw Failure(Exit::not_started, "not_started",
                      "the guardian was killed during the start; nothing was left running");
    }
    if (!reply.started) {
        report(reply, spec);
    }
    undo.forget();
    record.pid = record.pgid = record.sid = reply.pid;
    record.state = spec.ready.empty() ? run::State::running : run::State::starting;
    return std::move(plan.record);
}

}  // namespace sigmund::ops
