// SPDX-License-Identifier: Apache-2.0
// Becoming a guardian, its one poll, and the way from events over the machine to orders.
#include "guard/guardian.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <new>
#include <utility>

#include "guard/fifo_input.hpp"
#include "guard/health.hpp"
#include "guard/lease.hpp"
#include "guard/notify.hpp"
#include "guard/ready.hpp"
#include "guard/watch.hpp"
#include "run/rescue.hpp"
#include "sys/children.hpp"
#include "sys/file.hpp"
#include "sys/memory.hpp"
#include "sys/poll.hpp"
#include "sys/title.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis nested_patience = 300;  // for guardians of runs inside this one to record their end

}  // namespace

void Guardian::run() {
    become_guardian();
    start_first();
    settle();
    process_events();  // what the sources have said at their beginning
    for (;;) {
        try {
            turn();
        } catch (const std::exception& error) {  // nothing is known to come here; a run keeps its guardian
            note(std::string("a turn of the guardian failed: ") + error.what());
            ::usleep(1'000'000);  // what does not pass must not fill the log
        }
    }
}

// A caller may have offered its commands to the OOM killer first (choom -n 1000): not their guardian.
void Guardian::lower_oom_score() {
    const std::string text = sys::read_small("/proc/self/oom_score_adj", 16);
    const int inherited = std::atoi(text.c_str());
    if (inherited <= 0) return;
    const sys::Fd fd(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (!fd || sys::write_all(fd.get(), "0") != 0) return;  // it may not: then it stays as it is
    for (const auto& command : plan_.commands) command->oom_score_adj = inherited;
}

// Own session, own folder, own descriptors, nothing of the caller left to hold or to read.
void Guardian::become_guardian() {
    ::setsid();  // fails only for a group leader, which a forked child is not
    if (::chdir("/") != 0) ::_exit(125);
    sys::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) fail_start(true, {sys::SpawnStage::descriptors, errno});
    for (int fd = 0; fd <= 2; ++fd) ::dup2(null.get(), fd);
    null.reset();  // its number is free for others from here on
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    sys::restore_file_size_signal();  // blocked here; the command has it as the caller had it
    lower_oom_score();
    ::signal(SIGCHLD, SIG_DFL);  // an inherited SIG_IGN would reap the leader behind our back

    std::vector<int> own;
    for (const sys::Fd* fd :
         {&plan_.lock, &plan_.name_lock, &plan_.listener, &plan_.log, &plan_.error_log, &plan_.stdin_file,
          &plan_.input.writer, &plan_.input.notes, &plan_.cwd, &plan_.reply})
        if (*fd) own.push_back(fd->get());
    for (const sys::Fd& log : plan_.worker_logs) own.push_back(log.get());
    own.push_back(plan_.store.dir());
    if (plan_.extras) {
        for (const sys::Fd& lease : plan_.extras->leases) own.push_back(lease.get());
        if (plan_.extras->watch) plan_.extras->watch->keep(own);
        for (const sys::Fd* fd : {&plan_.extras->notify, &plan_.extras->log_folder})
            if (*fd) own.push_back(fd->get());
    }
    for (const int fd : plan_.commands[0]->keep_fds) own.push_back(fd);
    plan_.spares.append_to(own);
    std::sort(own.begin(), own.end());
    sys::close_descriptors(own.data(), own.size(), -1);

    sys::become_untraceable("sigmund: " + plan_.record.id +
                            (plan_.record.name.empty() ? "" : ' ' + plan_.record.name));
    sigset_t all;
    ::sigfillset(&all);
    signals_.reset(::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) fail_start(true, {sys::SpawnStage::descriptors, errno});
    control_ = std::make_unique<Control>(std::move(plan_.listener), *this, plan_.spares);
    plan_.record.guardian_pid = ::getpid();
    if (const auto stat = sys::Procfs().stat(::getpid())) plan_.record.guardian_ticks = stat->start_ticks;
    members_.resize(plan_.workers > 0 ? static_cast<std::size_t>(plan_.workers) : 1);
    if (plan_.workers > 0)
        for (std::size_t i = 0; i < members_.size(); ++i) members_[i].worker = static_cast<int>(i);
    if (plan_.extras && plan_.extras->pumps_log())
        pump_ = std::make_unique<LogPump>(plan_.extras->log_folder.get(), plan_.extras->log_name,
                                          std::move(plan_.log), plan_.extras->log_max_size,
                                          plan_.extras->log_keep);
}

// Where stdin is a FIFO that waits for its first writer.
void Guardian::hold_input(sys::Input& input) {
    if (!input.waits()) return;
    if (!fifo_input_) {
        auto source = std::make_unique<FifoInput>(plan_.stdin_path);
        fifo_input_ = source.get();
        sources_.push_back(std::move(source));
    }
    fifo_input_->hold(input, *this);
}

void Guardian::make_sources() {
    const Millis now = sys::monotonic_ms();
    if (plan_.timeout >= 0) sources_.push_back(std::make_unique<Lease>(now + plan_.timeout, Cause::timeout));
    hold_input(plan_.input);
    if (!plan_.extras) return;
    Extras& extras = *plan_.extras;
    if (extras.ttl >= 0) sources_.push_back(std::make_unique<Lease>(now + extras.ttl, Cause::lease));
    for (sys::Fd& process : extras.leases)
        sources_.push_back(std::make_unique<ProcessLease>(std::move(process)));
    std::unique_ptr<Notify> notify;
    if (extras.notify) notify = std::make_unique<Notify>(std::move(extras.notify));
    if (!extras.ready.empty()) {
        const bool restarts = plan_.policy.restart.when != run::RestartWhen::no || plan_.policy.stay ||
                              !extras.health.command.empty() || extras.restart_on != 0;
        sources_.push_back(std::make_unique<Ready>(extras, notify.get(), !restarts));
    }
    if (notify) sources_.push_back(std::move(notify));
    if (!extras.health.command.empty()) sources_.push_back(std::make_unique<Health>(extras.health));
    if (extras.watch) sources_.push_back(std::move(extras.watch));
    for (const auto& source : sources_) source->life_began(now, *this);
}

// What only the start needed is given back, so that an idle guardian is small.
void Guardian::settle() {
    // From here on the run must not lose its guardian: where no memory is to be had it waits for some.
    std::set_new_handler([] { ::usleep(20'000); });
    const bool starts_once = plan_.policy.restart.when == run::RestartWhen::no && !plan_.extras;
    if (starts_once)
        for (const int fd : plan_.commands[0]->keep_fds) ::close(fd);
    plan_.cwd.reset();
    plan_.stdin_file.reset();
    socket_seen_ = plan_.store.stamp(plan_.record.id + ".sock");
    posts_.reserve(4);
    polled_.reserve(8);
    // From here on ending the run must not depend on what can be opened. Its list of children needs no more.
    sys::hold_children_list();
    if (!sys::SpareFds::scarce(descriptors_in_use())) plan_.spares.hold();
    sys::give_back_memory();
}

// Those of clients, workers and the caller's: what an ordinary guardian has not.
std::size_t Guardian::descriptors_in_use() const {
    return control_->clients() + 2 * members_.size() + plan_.worker_logs.size() +
           plan_.commands[0]->keep_fds.size() + polled_.size();
}

void Guardian::turn() {
    Millis due = -1;
    const auto earlier = [&](Millis at) {
        if (at >= 0 && (due < 0 || at < due)) due = at;
    };
    for (const Member& member : members_) earlier(member.state.deadline);
    earlier(retry_at_);
    earlier(nested_until_);
    polled_.clear();
    polled_.push_back({signals_.get(), POLLIN, 0});
    control_->watch(polled_);
    earlier(control_->deadline());
    const std::size_t control_end = polled_.size();
    if (pump_) pump_->watch(polled_);
    const std::size_t pump_end = polled_.size();
    for (const auto& source : sources_) {
        source->watch(polled_);
        earlier(source->deadline());
    }
    int pause = -1;
    if (due >= 0) pause = static_cast<int>(std::clamp<Millis>(due - sys::monotonic_ms(), 0, 1 << 30));
    if (reap_due_) pause = 0;
    const int ready = sys::poll_any(polled_, pause);
    const Millis now = sys::monotonic_ms();
    const bool again = std::exchange(reap_due_, false);
    // Clients are let in while the reserve is held; everything else may use it.
    const bool scarce = sys::SpareFds::scarce(descriptors_in_use());
    const auto lend = [&] {
        if (scarce) plan_.spares.lend();
    };
    lend();
    if (ready > 0 && polled_[0].revents != 0) read_signals();
    if (again && !reap_due_) reap();
    if (ready > 0 || control_->deadline() >= 0) {
        control_->fire({polled_.data() + 1, control_end - 1}, now, *this);
        if (scarce) plan_.spares.hold();
        control_->let_in(polled_[1].revents != 0, now);
        lend();
    }
    if (ready > 0 && pump_) pump_->fire({polled_.data() + control_end, pump_end - control_end}, now, *this);
    fire_sources(pump_end, now);
    for (Member& member : members_)
        if (member.state.deadline >= 0 && now >= member.state.deadline)
            posts_.push_back({&member, {EventKind::deadline}});
    if (nested_until_ >= 0 && now >= nested_until_) {
        nested_.clear();
        nested_until_ = -1;
        for (Member& member : members_)
            if (member.state.phase == Phase::killing) kill_everything(member);
    }
    process_events();
    if (retry_at_ >= 0 && now >= retry_at_) finished_ ? try_final_save() : save();
    if (scarce) plan_.spares.hold();
}

void Guardian::fire_sources(std::size_t first, Millis now) {
    // Only a source removed in between makes the counts differ: the end of the run removes all at once.
    std::vector<pollfd> own;
    for (std::size_t i = 0; i < sources_.size() && !finished_; ++i) {
        Source& source = *sources_[i];
        own.clear();
        source.watch(own);
        if (first + own.size() > polled_.size()) return;
        const std::span<const pollfd> mine{polled_.data() + first, own.size()};
        first += own.size();
        const bool ready =
            std::any_of(mine.begin(), mine.end(), [](const pollfd& p) { return p.revents != 0; });
        if (ready || (source.deadline() >= 0 && now >= source.deadline())) source.fire(mine, now, *this);
    }
}

void Guardian::read_signals() {
    signalfd_siginfo infos[8];
    bool child = false;
    for (;;) {
        const ssize_t n = ::read(signals_.get(), infos, sizeof infos);
        if (n <= 0) break;
        for (std::size_t i = 0; i < static_cast<std::size_t>(n) / sizeof infos[0]; ++i) {
            const int signal = static_cast<int>(infos[i].ssi_signo);
            if (signal == SIGCHLD) {
                child = true;
            } else if (signal == run::look_again_signal && infos[i].ssi_code == SI_QUEUE &&
                       infos[i].ssi_int == run::look_again_value) {
                mend_files();
            } else if (plan_.extras && (plan_.extras->restart_on & sys::signal_bit(signal)) != 0) {
                post({.kind = EventKind::restart, .cause = Cause::restart_signal});
            } else if (signal == SIGTERM || signal == SIGQUIT) {
                // A stop that was made without this guardian, while it was frozen, sends the signal too, and
                // leaves its word in the store.
                const run::EndedBy word = plan_.store.word_left(plan_.record.id);
                run::note_call(
                    plan_.record,
                    word.empty() ? "signal " + sys::signal_name(signal) + " to the guardian" : word.str(),
                    static_cast<pid_t>(infos[i].ssi_pid), infos[i].ssi_uid);
                if (end_cause_ == Cause::none) quit_ = signal == SIGQUIT;
                post({.kind = signal == SIGTERM ? EventKind::stop : EventKind::kill,
                      .cause = word.empty()                 ? Cause::guardian_signal
                               : word == run::EndedBy::kill ? Cause::kill
                                                            : Cause::stop});
            }
            // Hang-ups and the like are not meant for a guardian.
        }
    }
    if (child) reap();
}

void Guardian::post(const Event& event) {
    if (event.kind == EventKind::stop || event.kind == EventKind::kill) {
        if (!end_all_ && !clearing()) ledger_ = {};  // what is told of this stop is its own
        end_all_ = true;
        if (end_cause_ == Cause::none) end_cause_ = event.cause == Cause::none ? Cause::kill : event.cause;
    }
    for (Member& member : members_) {
        // A storm of requests to start again is one request.
        const bool same = event.kind == EventKind::restart &&
                          std::any_of(posts_.begin(), posts_.end(), [&](const Post& waiting) {
                              return waiting.member == &member && waiting.event.kind == event.kind;
                          });
        if (!same) posts_.push_back({&member, event});
    }
}

void Guardian::process_events() {
    struct Due {
        Member* member;
        unsigned orders;
    };
    // Orders may post events (a killed tree is empty at once), so until nothing is left to do.
    while (!posts_.empty()) {
        std::vector<Post> batch, held;
        batch.swap(posts_);
        std::vector<Due> due;
        const auto starts = [&](const Member* member) {
            return std::any_of(due.begin(), due.end(), [&](const Due& d) {
                return d.member == member && (d.orders & order_start) != 0;
            });
        };
        for (Post& each : batch) {
            // What comes after the decision to start again is for the new life: a stop must find it.
            if (starts(each.member)) {
                held.push_back(each);
                continue;
            }
            (void)!::getrandom(&each.event.random, sizeof each.event.random, GRND_NONBLOCK);
            const bool before = any_running();
            const Step next = step(each.member->state, each.event, sys::monotonic_ms(), plan_.policy);
            each.member->state = next.state;
            tell_sources(before, any_running());
            const auto found =
                std::find_if(due.begin(), due.end(), [&](const Due& d) { return d.member == each.member; });
            if (found == due.end())
                due.push_back({each.member, next.orders});
            else
                found->orders |= next.orders;
        }
        be_urgent(clearing() || reap_due_);
        for (const Due& each : due) execute(*each.member, each.orders);
        posts_.insert(posts_.end(), held.begin(), held.end());
    }
    be_urgent(clearing() || reap_due_);
    check_over();  // the end first: its result is written before anybody is told
    if (finished_) return;
    if (save_due_) save();
    answer_waiting();
}

// While a life is being ended: its processes may be forking as fast as they can, and each is one more to
// share the processors with. And while they end faster than they are taken, or no request would be heard in
// time.
void Guardian::be_urgent(bool urgent) {
    if (urgent == urgent_) return;
    urgent_ = urgent;
    urgent ? sys::begin_urgency() : sys::end_urgency();
}

bool Guardian::any_running() const {
    return std::any_of(members_.begin(), members_.end(),
                       [](const Member& m) { return m.state.phase == Phase::running; });
}

// Sources follow the life of the run: of a pool, from its first worker's start to the moment when none runs.
void Guardian::tell_sources(bool before, bool after) {
    if (before == after || sources_.empty()) return;
    if (after) {
        const Millis now = sys::monotonic_ms();
        for (const auto& source : sources_) source->life_began(now, *this);
    } else {
        for (const auto& source : sources_) source->life_ended(*this);
        aides_.dismiss_all();
    }
}

void Guardian::set_variable(const std::string& name, const std::string& value) {
    for (const auto& command : plan_.commands) command->set_environment(name, value);
}

void Guardian::changes(const std::string& lines) {
    changes_ += (changes_.empty() ? "" : "\n") + lines;
    save_soon();
}

void Guardian::signal_run(int signal) {
    for (Member& member : members_)
        if (member.state.phase == Phase::running)
            send_to_life(member.life, MemberScope(member, aides_), signal, 0, run::Reach::group, nullptr);
}

bool Guardian::clearing() const {
    return std::any_of(members_.begin(), members_.end(), [](const Member& m) {
        return m.state.phase == Phase::stopping || m.state.phase == Phase::killing;
    });
}

bool Guardian::over() const {
    return std::all_of(members_.begin(), members_.end(),
                       [](const Member& m) { return m.state.phase == Phase::ended; });
}

void Guardian::execute(Member& member, unsigned orders) {
    const MemberScope scope(member, aides_);
    const bool alive = member.state.phase != Phase::ended;
    if (orders & order_pause) pause_life(member.life, scope);
    if (orders & order_resume) send_to_life(member.life, scope, SIGCONT, 0, run::Reach::every, nullptr);
    if ((orders & order_terminate) && alive) {
        send_to_life(member.life, scope, plan_.stop_signal, SIGCONT, run::Reach::every, &ledger_);
        reap();  // an already empty life is seen here, not by a signal
    }
    if ((orders & order_sweep) && member.life.begun())
        send_to_newcomers(member.life, scope, plan_.stop_signal, SIGCONT, ledger_);
    if ((orders & order_kill) && alive) {
        // Where children end faster than they are taken there is no time to look for such.
        nested_ = reap_due_ ? std::vector<pid_t>{} : nested_guardians(scope);
        std::erase_if(nested_, [&](pid_t pid) { return member.life.unreaped(pid) != nullptr; });
        if (!nested_.empty()) nested_until_ = sys::monotonic_ms() + nested_patience;
        kill_everything(member);
    }
    if (orders & order_start) start_again(member);
    if (orders & (order_save | order_finish)) save_due_ = true;
}

void run_guardian(Plan plan) noexcept {
    // noexcept: what is thrown here (out of memory) ends the guardian; the run goes on and is found by its
    // record.
    static_assert(std::is_trivially_copyable_v<StartReply>);
    // On a stack of its own: that of the launcher's command line is given back while the guardian sleeps.
    sys::leave_stack(
        [](void* given) {
            const std::unique_ptr<Plan> own(static_cast<Plan*>(given));
            Guardian(std::move(*own)).run();
        },
        new Plan(std::move(plan)));
}

}  // namespace sigmund::guard
