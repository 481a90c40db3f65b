// SPDX-License-Identifier: Apache-2.0
#include "guard/loop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "guard/control.hpp"
#include "guard/lease.hpp"
#include "guard/terminate.hpp"
#include "run/id.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/memory.hpp"
#include "sys/title.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis nested_patience = 300;  // for guardians of runs inside this one to record their end
constexpr Millis longest_retry = 60'000;

class Guardian final : public Host, public Control::Handler {
  public:
    explicit Guardian(Plan plan) : plan_(std::move(plan)) {}

    [[noreturn]] void run() {
        become_guardian();
        start_first();
        settle();
        for (;;) turn();
    }

    void post(const Event& event) override { events_.push_back(event); }
    void handle(const Request& request, Client& client) override;

  private:
    void become_guardian();
    void start_first();
    void settle();
    void turn();
    sys::SpawnError start_leader(bool first);
    void fail_start(bool own_fault, sys::SpawnError error);
    void open_files_again();
    void read_signals(Millis now);
    void reap();
    void report_leader(const siginfo_t& info);
    void note_end(const siginfo_t& info);
    void check_empty();
    void kill_everything();
    void process_events();
    void execute(unsigned orders);
    void save();
    void fill_record();
    void finish();
    void try_final_save();
    void answer_waiting();
    void say_outcome(Client& client);
    void say_status(Client& client);
    [[noreturn]] void leave();

    Plan plan_;
    State state_;
    Life life_;
    Ledger ledger_;
    sys::Fd signals_;
    std::unique_ptr<Control> control_;
    std::vector<std::unique_ptr<Source>> sources_;
    std::vector<Event> events_;
    std::vector<pollfd> polled_;
    std::vector<pid_t> nested_;
    Millis nested_until_ = -1;
    bool finished_ = false;  // the run is over; what is left is to write it down
    Millis retry_at_ = -1, retry_pause_ = 1000;
};

// Own session, own folder, own descriptors, nothing of the caller left to hold or to read.
void Guardian::become_guardian() {
    ::setsid();  // fails only for a group leader, which a forked child is not
    if (::chdir("/") != 0) ::_exit(125);
    sys::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) fail_start(true, {sys::SpawnStage::descriptors, errno});
    for (int fd = 0; fd <= 2; ++fd) ::dup2(null.get(), fd);
    null.reset();  // its number is free for others from here on
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    ::signal(SIGCHLD, SIG_DFL);  // an inherited SIG_IGN would reap the leader behind our back

    std::vector<int> own;
    for (const sys::Fd* fd : {&plan_.lock, &plan_.name_lock, &plan_.listener, &plan_.log, &plan_.error_log,
                              &plan_.stdin_file, &plan_.cwd, &plan_.reply})
        if (*fd) own.push_back(fd->get());
    own.push_back(plan_.store.dir());
    for (const int fd : plan_.child->keep_fds) own.push_back(fd);
    std::sort(own.begin(), own.end());
    sys::close_descriptors(own.data(), own.size(), -1);

    sys::become_untraceable("sigmund: " + plan_.record.id +
                            (plan_.record.name.empty() ? "" : ' ' + plan_.record.name));
    sigset_t all;
    ::sigfillset(&all);
    signals_.reset(::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) fail_start(true, {sys::SpawnStage::descriptors, errno});
    control_ = std::make_unique<Control>(std::move(plan_.listener), *this);
    plan_.record.guardian_pid = ::getpid();
    if (const auto stat = sys::Procfs().stat(::getpid())) plan_.record.guardian_ticks = stat->start_ticks;
}

// Nothing was executed: leave nothing, tell the launcher, end.
void Guardian::fail_start(bool own_fault, sys::SpawnError error) {
    plan_.store.remove(plan_.record.id);
    plan_.store.unlock_name(plan_.record.name, std::move(plan_.name_lock));
    const StartReply reply{false, own_fault, error.stage, error.error, 0};
    (void)!::write(plan_.reply.get(), &reply, sizeof reply);
    ::_exit(125);
}

// Forks the leader, which waits at a gate until its identity is recorded. The gate is a socket pair: a byte
// lets it through; its end (the guardian died) makes it leave without exec; what cannot be executed comes
// back through it; a successful exec closes it.
sys::SpawnError Guardian::start_leader(bool first) {
    constexpr sys::SpawnStage own = sys::SpawnStage::session;
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return {own, errno};
    sys::Fd gate(pair[0]);
    sys::Fd child_gate(pair[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {own, errno};
    if (pid == 0) {
        // Closes the guardian's end of the gate with all others, so that its death is seen here.
        const auto problem = plan_.child->prepare(child_gate.get());
        sys::SpawnError error = problem.value_or(sys::SpawnError{});
        char word = 0;
        if (!problem) {
            ssize_t n;
            do n = ::read(child_gate.get(), &word, 1);
            while (n < 0 && errno == EINTR);
            if (n != 1) ::_exit(125);
            error = plan_.child->execute();
        }
        ::send(child_gate.get(), &error, sizeof error, MSG_NOSIGNAL);
        ::_exit(127);
    }
    child_gate.reset();
    life_ = Life{pid, sys::open_pidfd(pid), false, false};
    run::Record& record = plan_.record;
    record.pid = record.pgid = record.sid = pid;
    record.status = {};
    const auto identity = sys::identify(pid, life_.pidfd.get());
    int error = 0;
    if (!identity) {
        // The child has failed already (a folder it may not enter): its word is in the gate. Else it was
        // killed.
        sys::SpawnError word{own, ECHILD};
        (void)!::recv(gate.get(), &word, sizeof word, MSG_DONTWAIT);
        ::waitpid(pid, nullptr, 0);
        return word;
    }
    record.identity = *identity;
    record.state = run::State::starting;
    error = plan_.store.save(record, first ? sys::Durable::yes : sys::Durable::no);
    if (error != 0 && first) {
        gate.reset();  // the leader leaves without having executed anything
        ::waitpid(pid, nullptr, 0);
        return {own, error};
    }
    if (::send(gate.get(), "g", 1, MSG_NOSIGNAL) != 1) error = errno;
    sys::SpawnError word{};
    ssize_t n;
    do n = ::recv(gate.get(), &word, sizeof word, MSG_WAITALL);
    while (n < 0 && errno == EINTR);
    if (n == static_cast<ssize_t>(sizeof word)) {
        ::waitpid(pid, nullptr, 0);
        return word;
    }
    record.identity.exe = sys::Procfs().exe(pid);
    if (!record.identity.exe.known()) record.identity.exe = identity->exe;  // it has ended already
    return {sys::SpawnStage::exec, 0};
}

void Guardian::start_first() {
    const sys::SpawnError error = start_leader(true);
    if (error.error != 0) fail_start(error.stage == sys::SpawnStage::session, error);
    const Step next = step(state_, {EventKind::executed}, sys::monotonic_ms(), plan_.policy);
    state_ = next.state;
    fill_record();
    const sys::Fd written = plan_.store.save_unsynced(plan_.record);
    const StartReply reply{true, false, sys::SpawnStage::exec, 0, life_.leader};
    (void)!::write(plan_.reply.get(), &reply, sizeof reply);
    plan_.reply.reset();
    if (written) ::fsync(written.get());  // not before the answer; the identity is on the disk already
    if (plan_.timeout >= 0)
        sources_.push_back(std::make_unique<Lease>(sys::monotonic_ms() + plan_.timeout, Cause::timeout));
}

// What only the start needed is given back, so that an idle guardian is small.
void Guardian::settle() {
    if (plan_.policy.restart.when == run::RestartWhen::no)
        for (const int fd : plan_.child->keep_fds) ::close(fd);
    plan_.cwd.reset();
    plan_.stdin_file.reset();
    events_.reserve(16);
    polled_.reserve(16);
    sys::give_back_memory();
}

void Guardian::open_files_again() {
    if (!plan_.stdin_path.empty()) {
        plan_.stdin_file.reset(::open(plan_.stdin_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
        plan_.child->stdin_fd = plan_.stdin_file.get();
    }
    plan_.cwd.reset(::open(plan_.record.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    plan_.child->cwd_fd = plan_.cwd.get();
}

void Guardian::turn() {
    Millis due = state_.deadline;
    const auto earlier = [&](Millis at) {
        if (at >= 0 && (due < 0 || at < due)) due = at;
    };
    earlier(retry_at_);
    earlier(nested_until_);
    polled_.clear();
    polled_.push_back({signals_.get(), POLLIN, 0});
    control_->watch(polled_);
    const std::size_t control_end = polled_.size();
    for (const auto& source : sources_) {
        source->watch(polled_);
        earlier(source->deadline());
    }
    int pause = -1;
    if (due >= 0) pause = static_cast<int>(std::clamp<Millis>(due - sys::monotonic_ms(), 0, 1 << 30));
    const int ready = ::poll(polled_.data(), polled_.size(), pause);
    const Millis now = sys::monotonic_ms();
    if (ready > 0 && polled_[0].revents != 0) read_signals(now);
    if (ready > 0) control_->fire({polled_.data() + 1, control_end - 1}, now, *this);
    std::size_t at = control_end;
    for (const auto& source : sources_) {
        std::vector<pollfd> own;
        source->watch(own);
        const std::span<const pollfd> mine{polled_.data() + at, std::min(own.size(), polled_.size() - at)};
        at += mine.size();
        const bool polled_ready =
            std::any_of(mine.begin(), mine.end(), [](const pollfd& p) { return p.revents != 0; });
        if (polled_ready || (source->deadline() >= 0 && now >= source->deadline()))
            source->fire(mine, now, *this);
    }
    if (state_.deadline >= 0 && now >= state_.deadline) post({EventKind::deadline});
    if (nested_until_ >= 0 && now >= nested_until_) {
        nested_.clear();
        nested_until_ = -1;
        kill_everything();
    }
    process_events();
    if (retry_at_ >= 0 && now >= retry_at_) try_final_save();
}

void Guardian::read_signals(Millis) {
    signalfd_siginfo infos[8];
    bool child = false;
    for (;;) {
        const ssize_t n = ::read(signals_.get(), infos, sizeof infos);
        if (n <= 0) break;
        for (std::size_t i = 0; i < static_cast<std::size_t>(n) / sizeof infos[0]; ++i) {
            switch (static_cast<int>(infos[i].ssi_signo)) {
                case SIGCHLD:
                    child = true;
                    break;
                case SIGTERM:
                    post({.kind = EventKind::stop, .cause = Cause::stop});
                    break;
                case SIGQUIT:
                    post({EventKind::kill});
                    break;
                default:
                    break;  // hang-ups and the like are not meant for a guardian
            }
        }
    }
    if (child) reap();
}

void Guardian::report_leader(const siginfo_t& info) {
    life_.ended = true;
    Event event{EventKind::leader_exited};
    event.status = sys::ExitStatus::from(info);
    (void)!::getrandom(&event.random, sizeof event.random, GRND_NONBLOCK);
    post(event);
    note_end(info);
}

void Guardian::note_end(const siginfo_t& info) {
    if (state_.phase == Phase::stopping || state_.phase == Phase::killing) {
        const bool by_kill = info.si_code != CLD_EXITED && info.si_status == SIGKILL;
        Ledger::note(by_kill ? ledger_.killed : ledger_.exited, info.si_pid);
    }
}

// Takes every ended child but the leader, which stays a zombie while others of the run live (see Life).
void Guardian::reap() {
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 || info.si_pid == 0) break;
        if (info.si_pid == life_.leader && !life_.reaped) {
            if (!life_.ended) report_leader(info);
            break;  // it stands first in the list from now on: the rest are asked for one by one
        }
        if (::waitid(P_PID, static_cast<id_t>(info.si_pid), &info, WEXITED | WNOHANG | __WALL) == 0)
            note_end(info);
    }
    if (state_.phase == Phase::killing) kill_everything();
    if (life_.ended) check_empty();
}

void Guardian::check_empty() {
    if (life_.leader == 0 || state_.phase == Phase::backoff || finished_) return;
    bool others = false;
    if (!life_.reaped) {
        sys::for_each_child([&](pid_t child) {
            if (child == life_.leader) return;
            siginfo_t info{};
            if (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | __WALL) == 0 &&
                info.si_pid != 0)
                note_end(info);
            else
                others = true;
        });
        if (others) return;
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(life_.leader), &info, WEXITED | WNOHANG | __WALL);
        life_.reaped = true;
    }
    // The kernel has the last word: a child that the list missed shows here.
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL) == 0) {
        if (info.si_pid == 0) return;
        note_end(info);
        info = {};
    }
    if (errno != ECHILD) return;
    life_.leader = 0;
    Event event{EventKind::empty};
    (void)!::getrandom(&event.random, sizeof event.random, GRND_NONBLOCK);
    post(event);
}

// The subreaper's loop: kill every direct child, reap, again, until none is left. While children end it does
// not sleep, so that a forking tree cannot outrun it; it yields to the poll only when nothing has moved for 2
// ms, and SIGCHLD wakes it: whoever becomes a child of ours later does so by the death of one that is marked
// to die.
void Guardian::kill_everything() {
    Millis moved = sys::monotonic_ms();
    for (;;) {
        kill_pass(nested_);
        bool progress = false;
        for (;;) {
            siginfo_t info{};
            if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) break;
            if (info.si_pid == 0) break;
            if (info.si_pid == life_.leader && !life_.ended) report_leader(info);
            if (info.si_pid == life_.leader)
                life_.reaped = true;  // all is killed one by one: no group signal follows
            ::waitid(P_PID, static_cast<id_t>(info.si_pid), &info, WEXITED | WNOHANG | __WALL);
            if (info.si_pid != life_.leader) note_end(info);
            progress = true;
        }
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 && errno == ECHILD) break;
        if (progress) {
            moved = sys::monotonic_ms();
        } else if (sys::monotonic_ms() - moved >= 2) {
            return;
        } else {
            ::sched_yield();
        }
    }
    check_empty();
}

void Guardian::process_events() {
    unsigned orders = order_none;
    // Orders may post events (a killed tree is empty at once), so until nothing is left to do.
    while (!events_.empty() || orders != order_none) {
        std::vector<Event> batch;
        batch.swap(events_);
        for (const Event& event : batch) {
            const Step next = step(state_, event, sys::monotonic_ms(), plan_.policy);
            state_ = next.state;
            orders |= next.orders;
        }
        const unsigned now = orders;
        orders = order_none;
        execute(now);
    }
}

void Guardian::execute(unsigned orders) {
    if (orders & order_pause) pause_life(life_);
    if (orders & order_resume) send_to_life(life_, SIGCONT, 0, Reach::every, nullptr);
    if ((orders & order_terminate) && state_.phase != Phase::ended) {
        send_to_life(life_, plan_.stop_signal, SIGCONT, Reach::every, &ledger_);
        reap();  // an already empty life is seen here, not by a signal
    }
    if ((orders & order_kill) && state_.phase != Phase::ended) {
        nested_ = nested_guardians();
        std::erase(nested_, life_.leader);
        if (!nested_.empty()) nested_until_ = sys::monotonic_ms() + nested_patience;
        kill_everything();
    }
    if (orders & order_start) {
        open_files_again();
        const sys::SpawnError error = start_leader(false);
        if (error.error == 0) {
            ++state_.restarts;
            post({EventKind::executed});
        } else {
            life_ = {};
            post({.kind = EventKind::not_executed, .error = error.error});
        }
        ledger_ = {};
        plan_.cwd.reset();
        plan_.stdin_file.reset();
    }
    if (orders & order_finish)
        finish();
    else if ((orders & order_save) && events_.empty())
        save();
    if (!finished_) answer_waiting();
}

void Guardian::fill_record() {
    run::Record& r = plan_.record;
    switch (state_.phase) {
        case Phase::starting:
            r.state = run::State::starting;
            break;
        case Phase::running:
        case Phase::draining:
            r.state = state_.paused ? run::State::paused : run::State::running;
            break;
        case Phase::stopping:
        case Phase::killing:
            r.state = run::State::stopping;
            break;
        case Phase::backoff:
            r.state = run::State::backoff;
            break;
        case Phase::ended:
            r.state = run::State::exited;
            break;
    }
    r.status = state_.status;
    r.restarts = state_.restarts;
    if (state_.phase != Phase::ended) return;
    r.ended_ms = sys::realtime_ms();
    switch (state_.cause) {
        case Cause::stop:
        case Cause::lease:
        case Cause::restart:
            r.result = "stopped";
            break;
        case Cause::kill:
            r.result = "killed";
            break;
        case Cause::timeout:
            r.result = "timeout";
            break;
        case Cause::unready:
            r.result = "unready";
            r.state = run::State::failed;
            break;
        case Cause::unhealthy:
            r.result = "unhealthy";
            r.state = run::State::failed;
            break;
        case Cause::restart_limit:
            r.result = "restart-limit";
            r.state = run::State::failed;
            break;
        case Cause::not_executed:
            r.result = "launch=" + sys::errno_name(state_.exec_error);
            r.state = run::State::failed;
            break;
        case Cause::policy:
        case Cause::none:
            r.result = run::result_of(state_.status);
            break;
    }
}

// A change on the way: renamed at once, not synced; the kernel writes it back in its own time.
void Guardian::save() {
    fill_record();
    plan_.store.save_unsynced(plan_.record);
}

void Guardian::finish() {
    finished_ = true;
    sources_.clear();
    fill_record();
    try_final_save();
}

// The result is written, however long the disk is full: 1 s, doubling to a minute.
void Guardian::try_final_save() {
    const int error = plan_.store.save(plan_.record, sys::Durable::yes);
    struct stat folder {};
    const bool folder_removed = ::fstat(plan_.store.dir(), &folder) == 0 && folder.st_nlink == 0;
    answer_waiting();
    if (error == 0 || folder_removed) leave();
    retry_at_ = sys::monotonic_ms() + retry_pause_;
    retry_pause_ = std::min(retry_pause_ * 2, longest_retry);
}

void Guardian::leave() {
    const run::Record& r = plan_.record;
    if (!r.shell.empty()) {
        const std::string folder = "shells/" + r.shell + '/';
        ::renameat(plan_.store.dir(), (folder + "run." + r.id).c_str(), plan_.store.dir(),
                   (folder + "done." + r.id).c_str());
    }
    plan_.store.unlock_name(r.name, std::move(plan_.name_lock));
    ::unlinkat(plan_.store.dir(), (r.id + ".sock").c_str(), 0);
    ::_exit(0);
}

// --- answers ---

std::string pid_line(const char* word, const std::vector<pid_t>& pids) {
    std::string line = word;
    for (const pid_t pid : pids) line += ' ' + std::to_string(pid);
    return line;
}

void Guardian::say_outcome(Client& client) {
    client.say(pid_line("signalled", ledger_.signalled));
    client.say(pid_line("exited", ledger_.exited));
    client.say(pid_line("killed", ledger_.killed));
    client.say("escaped " + std::to_string(ledger_.escaped));
    client.say(std::string("outcome ") + (ledger_.killed.empty() ? "stopped" : "killed"));
    client.say("took " + std::to_string(sys::monotonic_ms() - client.since));
    client.say("done 0");
}

void Guardian::say_status(Client& client) {
    const sys::ExitStatus& status = state_.status;
    if (!status.known)
        client.say("unknown");
    else if (status.signal != 0)
        client.say("signal " + sys::signal_name(status.signal));
    else
        client.say("exit " + std::to_string(status.code));
    client.say("done 0");
}

void Guardian::answer_waiting() {
    const bool over = finished_;
    // A leader that is to come back has not ended for those who wait.
    const bool leader_over =
        over || (state_.leader_ended() && !state_.restart_wanted && state_.phase != Phase::backoff);
    const bool restarted = state_.phase == Phase::running && !state_.restart_wanted;
    control_->each_waiting([&](Client& client) {
        using Kind = Request::Kind;
        switch (client.waiting) {
            case Kind::stop:
            case Kind::kill:
                if (!over) return;
                say_outcome(client);
                break;
            case Kind::wait:
                if (client.until_gone ? !over : !leader_over) return;
                say_status(client);
                break;
            case Kind::restart:
                if (restarted) {
                    client.say("pid " + std::to_string(life_.leader));
                    client.say("done 0");
                } else if (over) {
                    client.say("outcome " + plan_.record.result);
                    client.say("done 1 the run ended instead");
                } else {
                    return;
                }
                break;
            default:
                break;
        }
        client.waiting = Kind::unknown;
    });
}

void Guardian::handle(const Request& request, Client& client) {
    using Kind = Request::Kind;
    if (finished_ && request.kind != Kind::hello && request.kind != Kind::wait) {
        client.say("outcome already-ended");
        client.say("done 0");
        return;
    }
    switch (request.kind) {
        case Kind::hello:
            client.say("hello " + std::to_string(protocol_version));
            return;
        case Kind::stop:
            plan_.stop_signal = request.signal;
            client.waiting = Kind::stop;
            post({.kind = EventKind::stop, .cause = Cause::stop, .grace = request.grace});
            break;
        case Kind::kill:
            client.waiting = Kind::kill;
            post({EventKind::kill});
            break;
        case Kind::restart:
            client.waiting = Kind::restart;
            post({.kind = EventKind::restart, .cause = Cause::restart, .grace = request.grace});
            break;
        case Kind::pause:
        case Kind::resume:
            post({request.kind == Kind::pause ? EventKind::pause : EventKind::resume});
            process_events();
            client.say("done 0");
            return;
        case Kind::signal: {
            const Reach reach = request.word == "leader"  ? Reach::leader
                                : request.word == "every" ? Reach::every
                                                          : Reach::group;
            client.say("reached " + std::to_string(send_to_life(life_, request.signal, 0, reach, nullptr)));
            client.say("done 0");
            return;
        }
        case Kind::wait:
            client.waiting = Kind::wait;
            client.until_gone = request.word == "gone";
            answer_waiting();
            return;
        case Kind::set: {
            run::Record& r = plan_.record;
            if (request.word == "keep") {
                r.keep = request.value == "1";
            } else if (request.word == "tags") {
                r.tags.clear();
                for (std::size_t at = 0; at < request.value.size();) {
                    const auto end = std::min(request.value.find(',', at), request.value.size());
                    if (run::is_tag(request.value.substr(at, end - at)))
                        r.tags.push_back(request.value.substr(at, end - at));
                    at = end + 1;
                }
            } else {
                if (!request.value.empty() && !run::is_name(request.value)) {
                    client.say("done 1 invalid name");
                    return;
                }
                sys::Fd lock;
                if (!request.value.empty()) {
                    auto taken = plan_.store.lock_name(request.value, r.id);
                    if (!taken.lock) {
                        client.say("done 1 name taken by " + taken.holder);
                        return;
                    }
                    lock = std::move(taken.lock);
                }
                plan_.store.unlock_name(r.name, std::move(plan_.name_lock));
                plan_.name_lock = std::move(lock);
                r.name = request.value;
            }
            fill_record();
            if (const int error = plan_.store.save(r, sys::Durable::yes); error != 0)
                client.say("done 1 " + sys::describe_errno(error));
            else
                client.say("done 0");
            return;
        }
        default:
            client.say("done 1 unknown request");
            return;
    }
    process_events();
}

}  // namespace

void run_guardian(Plan plan) noexcept {
    // noexcept: what is thrown here (out of memory) ends the guardian; the run goes on and is found by its
    // record.
    static_assert(std::is_trivially_copyable_v<StartReply>);
    Guardian(std::move(plan)).run();
}

}  // namespace sigmund::guard
