// SPDX-License-Identifier: Apache-2.0
#include "ops/launch_plan.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstring>
#include <system_error>

#include "run/census.hpp"
#include "run/failure.hpp"
#include "run/lease.hpp"
#include "run/shell_session.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/own_file.hpp"
#include "sys/terminal.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void refuse(const std::string& what, const std::string& hint = {}) {
    throw Failure(Exit::not_started, "not_started", what, hint);
}

sys::Fd pin(pid_t pid, const std::string& what) {
    sys::Fd pidfd = sys::open_pidfd(pid);
    if (!pidfd || sys::has_ended(pidfd.get()))
        refuse("--while " + what + ": process " + std::to_string(pid) + " does not run");
    return pidfd;
}

pid_t this_shell() {
    const std::string id = run::current_shell();
    if (const auto shell = run::parse_shell_id(id)) return shell->pid;
    return ::getppid();
}

void add_lease(guard::Extras& extras, const std::string& word) {
    std::string problem, hint;
    const auto lease = run::parse_lease(word, problem, hint);
    if (!lease) refuse("--while: \"" + word + "\" " + problem, hint);
    switch (lease->kind) {
        case run::Lease::Kind::shell:
            extras.leases.push_back(pin(this_shell(), word));
            break;
        case run::Lease::Kind::process:
            extras.leases.push_back(pin(lease->pid, word));
            break;
        case run::Lease::Kind::time:
            extras.ttl = extras.ttl < 0 ? lease->time : std::min(extras.ttl, lease->time);
            break;
    }
}

// Refuses a pid file with the pid of a live process, unless that process belongs to the run that is replaced.
// The pid of a process that has ended is overwritten.
void check_pid_file(const std::string& path, pid_t replaced) {
    const sys::Fd fd = sys::open_own(AT_FDCWD, path.c_str(), O_RDONLY);
    if (!fd && errno != ENOENT && errno != ENOTDIR) {
        const int error = errno;
        const char* why = sys::why_not_own(error);
        refuse("--pid-file " + path + ": " + (why ? std::string("it ") + why : sys::describe_errno(error)),
               "name another file, or remove it");
    }
    if (fd) {
        std::string content;
        pid_t pid = 0;
        if (sys::read_all(fd.get(), content, 64) == 0)
            std::from_chars(content.data(), content.data() + content.size(), pid);
        if (pid > 0 && pid != replaced && (::kill(pid, 0) == 0 || errno == EPERM))
            refuse("--pid-file " + path + ": process " + std::to_string(pid) + ", named there, is running");
    }
    const auto slash = path.rfind('/');
    // The file is first written under a longer name: a dot and the id, of at most 10 digits, are appended.
    if (path.size() - (slash + 1) + 11 > NAME_MAX)
        refuse("--pid-file " + path + ": its name is longer than " + std::to_string(NAME_MAX - 11) +
               " bytes");
    const std::string folder = slash == 0 ? "/" : path.substr(0, slash);
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        refuse("--pid-file " + path + ": " + sys::describe_errno(errno));
}

// The socket is a file in the store. If its path is too long for a socket it gets an abstract name, which
// exists only in this network namespace.
void open_notify_socket(guard::Plan& plan, guard::Extras& extras) {
    sys::Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string path = plan.store.path_of(plan.record.id, run::File::notify);
    socklen_t size = sizeof address;
    if (path.size() < sizeof address.sun_path) {
        std::memcpy(address.sun_path, path.c_str(), path.size());
        extras.notify_file = path;
    } else {
        path = "@sigmund-" + plan.record.id + '-' + plan.record.key.substr(0, 16);
        std::memcpy(address.sun_path + 1, path.data() + 1, path.size() - 1);
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    }
    if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
        refuse("cannot make the socket for --ready notify: " + sys::describe_errno(errno));
    extras.notify = std::move(fd);
    for (const auto& command : plan.commands) command->set_environment("NOTIFY_SOCKET", path);
}

// Returns the size of the terminal that the command gets.
std::optional<sys::TerminalSize> terminal_of(const run::Spec& spec) {
    if (spec.tty.empty()) return std::nullopt;
    sys::TerminalSize size;
    if (const auto cross = spec.tty.find('x'); cross != std::string::npos) {
        size.columns = text::whole_number<std::size_t>(spec.tty.substr(0, cross)).value_or(size.columns);
        size.rows = text::whole_number<std::size_t>(spec.tty.substr(cross + 1)).value_or(size.rows);
        return size;
    }
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO})
        if (sys::is_terminal(fd)) return sys::terminal_size(fd);
    return size;
}

void plan_log(guard::Plan& plan, const run::Spec& spec, guard::Extras& extras) {
    extras.log_max_size = spec.log_max_size;
    extras.log_keep = spec.log_keep;
    extras.log_times = spec.log_times;
    extras.prefix_workers = spec.pool > 0 && !spec.split_log;
    extras.terminal = terminal_of(spec);
    if (!extras.pumps_log()) return;
    if (spec.log_path.empty()) {
        extras.log_folder = plan.store.log_folder();
        extras.log_name = run::log_name(plan.record.id, run::LogPart::whole);
        return;
    }
    const auto slash = spec.log_path.rfind('/');
    const std::string folder = slash == 0 ? "/" : spec.log_path.substr(0, slash);
    extras.log_folder.reset(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    extras.log_name = spec.log_path.substr(slash + 1);
    if (!extras.log_folder) refuse("cannot open folder " + folder + ": " + sys::describe_errno(errno));
}

void plan_pool(guard::Plan& plan, const run::Spec& spec) {
    plan.workers = spec.pool;
    plan.record.workers_wanted = spec.pool;
    plan.policy.at_once = true;
    if (!spec.split_log) return;
    for (int i = 0; i < spec.pool; ++i) {
        sys::Fd log = plan.store.create_log(plan.record.id, run::LogPart::worker, i);
        if (!log)
            refuse("cannot create " + plan.store.log_path(plan.record.id, run::LogPart::worker, i) + ": " +
                   sys::describe_errno(errno));
        plan.worker_logs.push_back(std::move(log));
    }
}

bool wants_extras(const run::Spec& spec) {
    return !spec.ready.empty() || !spec.health.command.empty() || spec.pool > 0 || spec.watch.active() ||
           !spec.on_exit.empty() || !spec.pid_file.empty() || !spec.leases.empty() || spec.restart_on != 0 ||
           spec.log_max_size > 0 || spec.log_times || !spec.tty.empty() || spec.port.asked();
}

// The command's terminal is not the caller's. What the caller asked for by --env stays.
void adapt_to_terminal(std::vector<std::string>& environment, const run::Environment& asked) {
    constexpr std::string_view of_the_caller[] = {"COLUMNS",  "LINES", "GPG_TTY",   "SSH_TTY",
                                                  "WINDOWID", "TMUX",  "TMUX_PANE", "STY"};
    const auto set_by_option = [&](std::string_view name) {
        return std::any_of(asked.set.begin(), asked.set.end(), [&](const std::string& entry) {
            return std::string_view(entry).substr(0, entry.find('=')) == name;
        });
    };
    std::erase_if(environment, [&](const std::string& entry) {
        const std::string_view name = std::string_view(entry).substr(0, entry.find('='));
        const bool unfit =
            name == "TERM" && (entry == "TERM=" || entry == "TERM=dumb" || entry == "TERM=unknown");
        return (unfit || std::find(std::begin(of_the_caller), std::end(of_the_caller), name) !=
                             std::end(of_the_caller)) &&
               !set_by_option(name);
    });
    if (std::none_of(environment.begin(), environment.end(),
                     [](const std::string& entry) { return entry.starts_with("TERM="); }))
        environment.emplace_back("TERM=xterm-256color");
}

// Refuses a command that is too long. A shell command becomes one word of a command line; one from a
// configuration file may be longer than a word can be (MAX_ARG_STRLEN, execve(2)), which would only fail when
// it is executed.
void check_shell_command(const char* option, const std::string& command) {
    constexpr std::size_t longest = 131'071;
    if (command.size() > longest)
        refuse(std::string(option) + ": the command is longer than " + std::to_string(longest) + " bytes",
               "put it into a script");
}

}  // namespace

void plan_commands(guard::Plan& plan, const run::Spec& spec, std::vector<std::string> environment) {
    // This process may itself belong to a run, whose variables do not apply to the new one.
    std::erase_if(environment, [](const std::string& entry) {
        return entry.starts_with("SIGMUND_RUN=") || entry.starts_with("SIGMUND_KEY=") ||
               entry.starts_with("SIGMUND_CHANGED=") || entry.starts_with("SIGMUND_CHANGES=");
    });
    environment.push_back("SIGMUND_RUN=" + plan.record.id);
    environment.push_back("SIGMUND_KEY=" + plan.record.key);
    if (plan.record.port != 0) {
        const std::string variable = std::string(run::port_variable) + '=';
        std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(variable); });
        environment.push_back(variable + std::to_string(plan.record.port));
    }
    if (!spec.tty.empty()) adapt_to_terminal(environment, spec.environment);
    std::optional<std::string> search_path;
    for (const std::string& entry : environment)
        if (entry.starts_with("PATH=")) search_path = entry.substr(5);
    const auto add = [&](const std::vector<std::string>& argv, std::vector<std::string> variables) {
        plan.commands.push_back(std::make_unique<sys::SpawnPlan>(argv, std::move(variables), search_path));
        sys::SpawnPlan& command = *plan.commands.back();
        command.stdin_fd = plan.stdin_file.get();
        command.stdout_fd = plan.log.get();
        command.stderr_fd = plan.error_log ? plan.error_log.get() : plan.log.get();
        command.owns_terminal = !spec.tty.empty();
        command.cwd_fd = plan.cwd.get();
        command.keep_fds = spec.keep_fds;
        std::sort(command.keep_fds.begin(), command.keep_fds.end());
        command.umask = spec.umask ? spec.umask : sys::umask_to_restore();
        command.nice = spec.nice;
        command.inherited_rlimits = sys::lifted_limits();
        command.rlimits = spec.rlimits;
        command.signals = spec.signals;
    };
    if (spec.stages.empty()) return add(spec.argv, std::move(environment));
    for (const auto& stage : spec.stages) {
        add(stage, environment);
        run::Part part;
        part.argv = stage;
        plan.record.stages.push_back(std::move(part));
    }
}

std::vector<pid_t> processes_of(const run::View& view, const run::Record& record) {
    view.census().refresh();  // the start may have waited for its turn since the last look
    std::vector<pid_t> out;
    for (const run::Member& member : view.census().members(record)) out.push_back(member.pid);
    return out;
}

// A process that already listens would answer instead of the command.
void check_readiness(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                     const std::optional<run::Record>& replaced) {
    if (!plan.extras || spec.ready_shared || !guard::needs_look(plan.extras->ready.probes)) return;
    guard::ReadyLook& look = plan.extras->ready.look;
    guard::LookRequest request{plan.extras->ready.probes, guard::sockets_of(spec.keep_fds), plan.store,
                               plan.record.project};
    if (replaced) request.replaced = processes_of(view, *replaced);
    guard::look_before_life(request, look);
    using Found = guard::ReadyLook::Found;
    if (look.found == Found::free) return;
    throw Failure(Exit::not_started, look.found == Found::taken ? "port_taken" : "not_started", look.problem,
                  "--ready-shared starts the command all the same, and accepts an answer from any process");
}

void plan_supervision(guard::Plan& plan, const run::Spec& spec, pid_t replaced) {
    check_shell_command("--on-exit", spec.on_exit);
    check_shell_command("--health", spec.health.command);
    for (const std::string& word : spec.ready) check_shell_command("--ready", word);
    plan.policy.restart = spec.restart;
    plan.policy.grace = spec.stop_timeout;
    plan.policy.terminal = !spec.tty.empty();
    plan.policy.stay = spec.watch.active();
    plan.policy.wait_ready = !spec.ready.empty() && spec.pool == 0;
    if (!wants_extras(spec)) return;
    plan.extras = std::make_unique<guard::Extras>();
    guard::Extras& extras = *plan.extras;
    bool notify = false;
    for (const std::string& word : spec.ready) {
        std::string problem;
        auto probe = run::parse_probe(word, spec.cwd, problem);
        if (!probe) refuse("--ready " + word + ' ' + problem);
        notify = notify || probe->kind == run::Probe::Kind::notify;
        extras.ready.probes.push_back(std::move(*probe));
    }
    for (const std::string& word : spec.ready_fail) {
        std::string problem;
        auto line = run::parse_probe(word, spec.cwd, problem);
        if (!line) refuse("--ready-fail " + word + ' ' + problem);
        extras.ready.failures.push_back(std::move(line->path));
    }
    extras.ready.timeout = spec.ready_timeout;
    extras.ready.shared = spec.ready_shared;
    if (!spec.ready.empty()) plan.record.ready = false;
    if (notify) open_notify_socket(plan, extras);
    const run::Health& health = spec.health;
    extras.health = {health.command, health.interval, health.timeout, health.retries, health.start};
    extras.on_exit = spec.on_exit;
    extras.restart_on = spec.restart_on;
    if (!spec.pid_file.empty()) check_pid_file(spec.pid_file, replaced);
    extras.pid_file = spec.pid_file;
    for (const std::string& lease : spec.leases) add_lease(extras, lease);
    if (spec.pool > 0) plan_pool(plan, spec);
    plan_log(plan, spec, extras);
    if (!spec.watch.active()) return;
    try {
        extras.watch = std::make_unique<guard::Watch>(spec.watch);
    } catch (const std::system_error& error) {
        refuse("cannot " + std::string(error.what()) + " (--watch)");
    }
}

}  // namespace sigmund::ops
