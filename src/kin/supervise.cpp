// SPDX-License-Identifier: Apache-2.0
// Two invariants hold here, except after SIGKILL: while there is a child, this process lives; when it
// returns, there is none. Every fatal signal is blocked and read from a signalfd. Children are ended by
// killing and reaping the direct ones, so that their orphans become direct children (this process is their
// subreaper), until waitid(2) finds no more. While idle, the process sleeps in one poll(2) without a timeout.
#include "kin/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kin/say.hpp"
#include "kin/supervise_commands.hpp"
#include "kin/supervise_events.hpp"
#include "kin/supervise_start.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/signal_queue.hpp"
#include "sys/signals.hpp"

namespace sigmund::kin {
namespace {

using sys::signal_bit;
using sys::SignalBits;

// All signals that end a process by default, including the two that the C library reserves and all real-time
// ones; and SIGCHLD. Signals that stop a process (job control stays unchanged) or do nothing are not among
// them.
constexpr SignalBits awaited_signals =
    ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) |
      signal_bit(SIGTTOU) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH));

void complain(const std::string& text) {
    say("supervise", text);
}

// Opens /dev/null on each standard descriptor that is closed, so that none of this process's descriptors gets
// such a number. Returns one bit for each that was closed.
unsigned plug_standard_descriptors() noexcept {
    unsigned closed = 0;
    for (int fd = 0; fd <= 2; ++fd) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        closed |= 1u << fd;
        // The lowest free number is this one. An eventfd serves when there is no /dev/null.
        if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    }
    return closed;
}

sys::SignalQueue open_signals() noexcept {
    sigset_t set;
    memset(&set, 0, sizeof set);
    memcpy(&set, &awaited_signals, sizeof awaited_signals);  // sigaddset(3) refuses 32 and 33
    return sys::SignalQueue(set);
}

// Waits until a child has ended, and leaves it unreaped.
void await_death() noexcept {
    siginfo_t info;
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | __WALL);
}

class Supervisor {
  public:
    Supervisor(CommandReader::Format commands, EventQueue::Format events)
        : out_(STDOUT_FILENO), commands_(Stream(STDIN_FILENO), commands), events_(out_, events) {}

    EventQueue& events() { return events_; }
    bool killing() const { return killing_; }
    // Makes this process kill everything, and exit with 1.
    void fail(const std::string& why) {
        complain(why);
        status_ = 1;
        killing_ = true;
    }
    void start(char** command, SignalBits mask);
    // Runs until there are no children and all their ends were reported. Returns the exit status.
    int run();

  private:
    void serve();
    void end_children();
    bool reap(bool& any);
    void flush();
    void sleep(bool listen);
    void read_signals();
    void read_commands();
    void say_goodbye();

    Stream out_;
    CommandReader commands_;
    EventQueue events_;
    sys::SignalQueue signals_ = open_signals();
    bool killing_ = false;
    bool unreaped_ = false;  // the last round of reaping reached its limit
    int status_ = 0;
};

void Supervisor::start(char** command, SignalBits mask) {
    events_.reserve_one();
    const Started started = start_command(command, mask);
    if (started.exit_status == 0) return events_.push_started(started.pid);
    status_ = started.exit_status;
    killing_ = true;
}

// Reaps a limited number of ended children: a tree that forks and exits could otherwise keep this loop busy
// without end. `any` tells whether there were some. Returns whether there are still children.
bool Supervisor::reap(bool& any) {
    constexpr int serving_limit = 64, killing_limit = 4096;
    any = false;
    unreaped_ = false;
    for (int i = killing_ ? killing_limit : serving_limit; i > 0; --i) {
        events_.reserve_one();
        siginfo_t info;
        const pid_t pid = sys::reap_child(info);
        if (pid <= 0) return pid == 0;
        events_.push(info);
        any = true;
    }
    unreaped_ = true;
    return true;
}

void Supervisor::flush() {
    switch (events_.flush()) {
        case EventQueue::Flow::drained:
        case EventQueue::Flow::full:
            return;
        case EventQueue::Flow::failed:
            fail("cannot write events: " + sys::describe_errno(events_.error()));
            return events_.abandon();
        case EventQueue::Flow::gone:
            killing_ = true;  // as at the end of standard input: the caller is gone
            return events_.abandon();
    }
}

// Sleeps in one poll(2) for everything; with `listen` it waits for commands too.
void Supervisor::sleep(bool listen) {
    const short writable = events_.empty() ? 0 : POLLOUT;
    pollfd sources[] = {
        {signals_.descriptor(), POLLIN, 0}, {out_.fd(), writable, 0}, {commands_.fd(), POLLIN, 0}};
    // A reader that hung up would make poll(2) return at once every time.
    if (events_.abandoned()) sources[1].fd = -1;
    if (poll(sources, listen ? 3 : 2, signals_.pause(unreaped_ ? 0 : -1)) < 0)
        return;  // EINTR after SIGSTOP and SIGCONT
    read_signals();
    if ((sources[1].revents & ~POLLOUT) != 0) {
        killing_ = true;
        events_.abandon();
    }
    if (listen && sources[2].revents != 0) read_commands();
}

void Supervisor::read_signals() {
    signalfd_siginfo received;
    while (signals_.read(received))
        if (received.ssi_signo != SIGCHLD) killing_ = true;
}

void Supervisor::read_commands() {
    // Only this process reaps its children, so the pid cannot be reused between the check and the signal.
    // Errors (no such signal, or EPERM: a child that changed its user) are ignored like everything else.
    const auto take = [](pid_t pid, int signal) {
        if (sys::is_child(pid)) kill(pid, signal);
    };
    switch (commands_.read(take)) {
        case CommandReader::Result::more:
            return;
        case CommandReader::Result::ended:
            killing_ = true;
            return;
        case CommandReader::Result::broken:
            return fail(commands_.problem());
    }
}

// The normal state. It lasts until there is a reason to kill the children, or until there are none.
void Supervisor::serve() {
    for (bool any; !killing_ && reap(any);) {
        flush();
        if (!killing_) sleep(true);
    }
}

// The subreaper loop. Each pass lists the children before it waits, and an orphan becomes a child of this
// process before its parent can be reaped. So a process that one pass missed is seen by the next, which some
// death causes. While there is work, events are only queued: the reader must not slow down the race against a
// tree that forks.
void Supervisor::end_children() {
    sys::begin_urgency();
    sys::kill_newest_children();
    for (bool any; reap(any);) {
        // While children end, those that were started last are killed: the list of all of them may grow as fast as it
        // is read.
        if (!any || sys::kill_newest_children() < 0) sys::kill_children();
        if (any) continue;
        flush();
        if (signals_)
            sleep(false);
        else
            await_death();
    }
}

// When this process leaves commands unread on a local socket, the peer's reads may fail with ECONNRESET
// before it has read all events, so remaining commands are read and discarded. Some peers stop reading at a
// hang-up, so they get 10 ms to read everything first.
void Supervisor::say_goodbye() {
    if (!out_.is_socket()) return;
    commands_.discard();
    for (int i = 0; i < 10 && out_.unread_by_peer() > 0; ++i) {
        pollfd peer{out_.fd(), 0, 0};
        if (poll(&peer, 1, 1) != 0) break;
    }
    commands_.discard();
}

int Supervisor::run() {
    if (!signals_) fail("signalfd: " + sys::describe_errno(errno));
    serve();
    end_children();
    for (flush(); !events_.empty(); flush()) sleep(false);
    say_goodbye();
    close(STDOUT_FILENO);
    return status_;
}

// When there is no memory, the children are ended without events.
void end_children_untold() noexcept {
    sys::begin_urgency();
    siginfo_t info;
    for (pid_t pid; (pid = sys::reap_child(info)) >= 0;) {
        if (pid > 0) continue;
        sys::kill_children();
        await_death();
    }
}

int supervise(int argc, char** argv) {
    // These settings come first. An ignored SIGCHLD would make the kernel discard ended children. From here
    // on a fatal signal is blocked.
    sys::set_disposition(SIGCHLD, false);
    SignalBits inherited_mask = 0;
    sys::change_mask(SIG_BLOCK, awaited_signals, &inherited_mask);
    const unsigned closed = plug_standard_descriptors();
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // the caller should have done this already

    const SuperviseOptions options = parse_supervise_options(argc, argv);
    if (options.exit_status) {
        if (*options.exit_status != 0) end_children_untold();
        return *options.exit_status;
    }
    Supervisor supervisor(options.json ? CommandReader::Format::json_lines : CommandReader::Format::binary,
                          options.json ? EventQueue::Format::json_lines : EventQueue::Format::siginfo);
    if (closed & 1u << STDIN_FILENO) supervisor.fail("standard input is closed");
    if (closed & 1u << STDOUT_FILENO) {
        supervisor.fail("standard output is closed");
        supervisor.events().abandon();
    }
    if (options.command && !supervisor.killing()) supervisor.start(options.command, inherited_mask);
    return supervisor.run();
}

}  // namespace

int supervise_main(int argc, char** argv) {
    try {
        return supervise(argc, argv);
    } catch (...) {
        end_children_untold();
        constexpr char text[] =
            "supervise: out of memory: the children were killed and their ends were not reported\n";
        if (write(STDERR_FILENO, text, sizeof text - 1) < 0) return 1;
        return 1;
    }
}

}  // namespace sigmund::kin
