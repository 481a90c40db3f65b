// SPDX-License-Identifier: Apache-2.0
#include "ops/attach.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ops/channel.hpp"
#include "ops/viewer_terminal.hpp"
#include "run/failure.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/poll.hpp"
#include "sys/terminal.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

constexpr sys::Millis guardian_patience = 10'000;
// What waits to be shown, and to be typed. While that is full, nothing more is read.
constexpr std::size_t most_waiting = 64 * 1024;

[[noreturn]] void refuse(const run::Record& record, const std::string& why, const std::string& hint = {}) {
    throw Failure(Exit::usage, "failed", label(record) + ": " + why, hint, record.id);
}

void need_terminal_of(const run::View& view, const run::Record& record) {
    const run::Spec spec = run::read_spec(record);
    if (!spec.tty.empty()) return;
    const std::string word = run::handle(view, record);
    refuse(record, "it has no terminal of its own (--tty)",
           spec.stdin_path == run::open_input
               ? "sigmund tail " + word + " shows its output, and sigmund send " + word +
                     " TEXT writes to its input"
               : "sigmund tail " + word + " shows its output");
}

run::Request request_of_size(run::Request::Kind kind, run::Redraw redraw) {
    const sys::TerminalSize size = sys::terminal_size(STDOUT_FILENO);
    const auto side = [](std::size_t n) {
        return static_cast<int>(std::clamp<std::size_t>(n, 1, run::longest_side));
    };
    return {.kind = kind, .columns = side(size.columns), .rows = side(size.rows), .redraw = redraw};
}

// The loop of a stay.
class Stay {
  public:
    Stay(int channel, int stream, text::DetachKeys keys, const std::function<void()>& entered)
        : detach_keys_(std::move(keys)), channel_(channel), stream_(stream) {
        terminal_.enter();
        entered();
        tell_size(run::Redraw::as_is);  // it may have changed since it was told
    }

    AttachEnd run() {
        while (!over()) turn();
        return out_;
    }

  private:
    using How = AttachEnd::How;
    bool left() const { return out_.how == How::keys || out_.how == How::signal; }
    // All that the guardian has sent is shown, unless this side has left.
    bool over() const {
        return left() || ((out_.how != How::lost || channel_ < 0) && stream_ < 0 && shown_.empty());
    }

    void turn() {
        const auto if_any = [](bool any, short event) { return any ? event : short{0}; };
        const bool may_read = keys_.size() < most_waiting;
        pollfd set[] = {
            {terminal_.signals().descriptor(), POLLIN, 0},
            {may_read ? terminal_.input() : -1, POLLIN, 0},
            {channel_, POLLIN, 0},
            {stream_,
             static_cast<short>(if_any(shown_.size() < most_waiting, POLLIN) |
                                if_any(!keys_.empty(), POLLOUT)),
             0},
            {shown_.empty() ? -1 : terminal_.output(), POLLOUT, 0},
        };
        // A hang-up of a stream that is not read now would wake this without end.
        if (set[3].events == 0) set[3].fd = -1;
        if (::poll(set, std::size(set), terminal_.signals().pause(-1)) < 0) return;
        take_signal();
        if (set[1].revents != 0 && !left()) read_keys();
        if (set[2].revents != 0 && !left()) hear();
        if ((set[3].revents & POLLOUT) != 0) type();
        if ((set[3].revents & ~POLLOUT) != 0) receive();
        if (!shown_.empty() && !left() && !terminal_.write(shown_)) leave(SIGHUP);
    }

    void leave(int signal) { out_ = {.how = How::signal, .signal = signal}; }

    void take_signal() {
        switch (const int signal = terminal_.take_signal()) {
            case 0:
                return;
            case SIGWINCH:
                return tell_size(run::Redraw::as_is);
            case SIGTSTP:
                return terminal_.stop();
            case SIGCONT:
                terminal_.enter();
                return tell_size(run::Redraw::redraw);
            default:
                return leave(signal);
        }
    }

    void tell_size(run::Redraw redraw) {
        if (channel_ >= 0) run::send(channel_, request_of_size(run::Request::Kind::size, redraw));
    }

    void read_keys() {
        std::string typed;
        if (!terminal_.read(typed)) return leave(SIGHUP);
        const auto detach = detach_keys_.feed(typed, sys::monotonic_ms());
        keys_ += std::string_view(typed).substr(0, detach.value_or(typed.size()));
        type();
        if (detach) out_.how = How::keys;
    }

    void type() {
        while (stream_ >= 0 && !keys_.empty()) {
            const ssize_t n = ::send(stream_, keys_.data(), keys_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) break;
            keys_.erase(0, static_cast<std::size_t>(n));
        }
        if (stream_ < 0) keys_.clear();
    }

    // ECONNRESET comes once, when the other side has left something unread, and before what it has sent (unix(7)).
    void receive() {
        char buffer[32 * 1024];
        const ssize_t n = ::recv(stream_, buffer, sizeof buffer, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNRESET)) return;
        if (n <= 0)
            stream_ = -1;
        else
            shown_.append(buffer, static_cast<std::size_t>(n));
    }

    // The guardian tells the end of the stay.
    void hear() {
        const auto answer = run::receive_answer(channel_, sys::monotonic_ms());
        if (!answer) {
            if (errno != ETIMEDOUT && errno != ECONNRESET) channel_ = -1;
            return;
        }
        if (const auto status = run::status_in(*answer)) out_.end.status = *status;
        if (answer->kind == Answer::Kind::cause) out_.end.cause = run::EndedBy(answer->text);
        if (answer->kind == Answer::Kind::lost) out_.left_out = answer->number;
        if (answer->kind == Answer::Kind::detached) out_.how = How::detached;
        if (answer->kind != Answer::Kind::done || out_.how != How::lost) return;
        out_.how = How::ended;
        out_.end.over = true;
    }

    ViewerTerminal terminal_;
    text::DetachKeys detach_keys_;
    int channel_, stream_;      // -1: the guardian has closed it
    std::string shown_, keys_;  // what waits to be written
    AttachEnd out_;
};

}  // namespace

void check_attachable(const run::View& view, const run::Record& record) {
    need_terminal_of(view, record);
    const sys::Procfs& proc = view.census().proc();
    const auto members = view.census().members(record);
    const bool guarded = view.census().guardian_proven(record);
    int depth = 0;
    for (pid_t pid = ::getpid(); pid > 1 && depth < 4096; ++depth) {
        const auto stat = proc.stat(pid);
        if (!stat) return;
        pid = stat->ppid;
        if ((guarded && pid == record.guardian_pid) ||
            std::any_of(members.begin(), members.end(), [&](const auto& each) { return each.pid == pid; }))
            refuse(record, "this command runs inside it, and would show its own output without end");
    }
}

Attachment::Attachment(const run::View& view, const run::Judged& run, run::Access access,
                       run::Redraw redraw) {
    check_attachable(view, run.record);
    channel_ = reach_live(view, run, "its terminal");
    run::Request request = request_of_size(run::Request::Kind::attach, redraw);
    request.access = access;
    const sys::Millis deadline = sys::monotonic_ms() + guardian_patience;
    if (run::send(channel_.get(), request) != 0) refuse(run.record, "its guardian went away");
    const auto answer = run::receive_answer(channel_.get(), deadline, &stream_);
    if (!answer) refuse(run.record, "its guardian does not answer");
    if (answer->request_unknown())
        refuse(run.record, "its guardian is of an older version, which cannot attach a terminal");
    if (answer->kind == Answer::Kind::outcome) refuse(run.record, "it has ended");
    if (answer->kind != Answer::Kind::viewer || !stream_) refuse(run.record, answer->text);
}

Attachment Attachment::to_start(LaunchRequest& request) {
    Attachment out;
    int streams[2], channels[2];
    const auto make = [](int type, int(&ends)[2]) {
        if (::socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
            throw Failure(Exit::not_started, "not_started",
                          "cannot attach a terminal: " + sys::describe_errno(errno));
    };
    make(SOCK_STREAM, streams);
    out.stream_.reset(streams[0]);
    request.viewer.reset(streams[1]);
    make(SOCK_SEQPACKET, channels);
    out.channel_.reset(channels[0]);
    request.viewer_channel.reset(channels[1]);
    request.launcher_stays = true;
    return out;
}

AttachEnd Attachment::stay(text::DetachKeys keys, const std::function<void()>& entered) {
    return Stay(channel_.get(), stream_.get(), std::move(keys), entered).run();
}

long long detach(const run::View& view, const run::Judged& run, run::Viewers which) {
    const sys::Fd channel = reach_live(view, run, "its terminal");
    long long count = 0;
    const auto answer = converse(channel.get(), {.kind = Request::Kind::detach, .viewers = which},
                                 sys::monotonic_ms() + guardian_patience, [&](const Answer& line) {
                                     if (line.kind == Answer::Kind::reached) count = line.number;
                                     if (line.kind == Answer::Kind::outcome)
                                         refuse(run.record, "it has ended");
                                 });
    if (!answer) refuse(run.record, "its guardian does not answer");
    if (answer->request_unknown())
        refuse(run.record, "its guardian is of an older version, which attaches none");
    if (!answer->ok())
        refuse(run.record, answer->text, "sigmund detach --all " + run::handle(view, run.record));
    return count;
}

}  // namespace sigmund::ops
