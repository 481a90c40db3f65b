// SPDX-License-Identifier: Apache-2.0
// What holds here, whatever happens but SIGKILL: while a child is left, this process lives; when it returns,
// none is left. Every fatal signal is blocked and read from a signalfd; children are ended by killing the
// direct ones and reaping, so that their orphans become direct ones (we are their subreaper), until waitid(2)
// knows no more. Asleep, everything waits in one poll(2) without a time limit.
#include "kin/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
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
#include "sys/fd.hpp"
#include "sys/signals.hpp"

namespace sigmund::kin {
namespace {

using sys::signal_bit;
using sys::SignalBits;

// All that end a process by default, the C library's two and all real-time ones included; and SIGCHLD. Not
// the ones that stop (job control stays as it is) or do nothing.
constexpr SignalBits awaited_signals =
    ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) |
      signal_bit(SIGTTOU) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH));

void complain(const std::string& text) {
    say("supervise", text);
}

// Opens /dev/null in the place of each standard descriptor that is closed, so that none of ours lands there.
// Returns a bit for each that was.
unsigned plug_standard_descriptors() noexcept {
    unsigned closed = 0;
    for (int fd = 0; fd <= 2; ++fd) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        closed |= 1u << fd;
        // The lowest free number is this one. An eventfd needs no file system.
        if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    }
    return closed;
}

sys::Fd open_signalfd() noexcept {
    sigset_t set;
    memset(&set, 0, sizeof set);
    memcpy(&set, &awaited_signals, sizeof awaited_signals);  // sigaddset(3) would refuse 32 and 33
    return sys::Fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Waits until a child has ended, and leaves it to be reaped.
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
    // Everything is to be killed, and the exit status will be 1.
    void fail(const std::string& why) {
        complain(why);
        status_ = 1;
        killing_ = true;
    }
    void start(char** command, SignalBits mask);
    // Serves until no child is left and all has been told. Returns the exit status.
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
    sys::Fd signals_ = open_signalfd();
    bool killing_ = false;
    bool unreaped_ = false;  // the last turn of reaping came to its limit
    int status_ = 0;
};

void Supervisor::start(char** command, SignalBits mask) {
    events_.reserve_one();
    const Started started = start_command(command, mask);
    if (started.exit_status == 0) return events_.push_started(started.pid);
    status_ = started.exit_status;
    killing_ = true;
}

// Takes children that have ended, so many at a time: a tree that forks and exits could keep us at this for
// ever. `any` says whether there were some. Returns whether children are left.
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
            killing_ = true;  // as when standard input ends: nobody is there any more
            return events_.abandon();
    }
}

// One poll for everything; `listen`: to commands as well.
void Supervisor::sleep(bool listen) {
    const short writable = events_.empty() ? 0 : POLLOUT;
    pollfd sources[] = {{signals_.get(), POLLIN, 0}, {out_.fd(), writable, 0}, {commands_.fd(), POLLIN, 0}};
    // A reader who hung up need not be looked at again and again.
    if (events_.abandoned()) sources[1].fd = -1;
    if (poll(sources, listen ? 3 : 2, unreaped_ ? 0 : -1) < 0) return;  // EINTR, after SIGSTOP and SIGCONT
    if (sources[0].revents != 0) read_signals();
    if ((sources[1].revents & ~POLLOUT) != 0) {
        killing_ = true;
        events_.abandon();
    }
    if (listen && sources[2].revents != 0) read_commands();
}

void Supervisor::read_signals() {
    signalfd_siginfo received[16];
    ssize_t got;
    while ((got = read(signals_.get(), received, sizeof received)) > 0)
        for (std::size_t i = 0; i < static_cast<std::size_t>(got) / sizeof received[0]; ++i)
            if (received[i].ssi_signo != SIGCHLD) killing_ = true;
}

void Supervisor::read_commands() {
    // Nobody but us reaps, so between the question and the signal the pid can become nobody else's. Errors
    // (no such signal, or EPERM: a child that changed its user) are ignored like the rest.
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

// The normal state: until there is a reason to kill, or nobody left.
void Supervisor::serve() {
    for (bool any; !killing_ && reap(any);) {
        flush();
        if (!killing_) sleep(true);
    }
}

// The subreaper loop. A pass lists before it waits, and an orphan becomes our child before its parent can be
// reaped; so whoever a pass missed is seen by the next, which some death brings about. Events are only queued
// while there is work: the reader must not slow the race against a tree that forks.
void Supervisor::end_children() {
    sys::begin_urgency();
    sys::kill_children();
    for (bool any; reap(any);) {
        sys::kill_children();
        if (any) continue;
        flush();
        if (signals_)
            sleep(false);
        else
            await_death();
    }
}

// A local socket whose peer learns of the end before it has read everything may fail with ECONNRESET instead:
// that happens when we leave commands unread. And some peers stop reading at a hang-up: they get 10 ms.
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

// For when memory is out: the children are ended all the same, untold.
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
    // First acts. An ignored SIGCHLD would make the kernel forget ended children; a fatal signal now finds us
    // safe.
    sys::set_disposition(SIGCHLD, false);
    SignalBits inherited_mask = 0;
    sys::change_mask(SIG_BLOCK, awaited_signals, &inherited_mask);
    const unsigned closed = plug_standard_descriptors();
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // the caller should have done so already

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
        constexpr char text[] = "supervise: out of memory: children were killed without telling\n";
        if (write(STDERR_FILENO, text, sizeof text - 1) < 0) return 1;
        return 1;
    }
}

}  // namespace sigmund::kin
