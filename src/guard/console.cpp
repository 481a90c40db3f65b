// SPDX-License-Identifier: Apache-2.0
#include "guard/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "run/key.hpp"
#include "sys/clock.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t bytes_a_turn = 256 * 1024, bytes_at_once = 1024 * 1024;
// Programs take what comes in one piece with an Enter for a paste, in which it is no command.
constexpr Millis pause_before_enter = 50;
constexpr std::string_view leave_alternate_screen = "\x1b[?1049l";

}  // namespace

Console::Console(LogPump& log, sys::TerminalSize size, int terminals) : log_(log), size_(size) {
    terminals_.resize(static_cast<std::size_t>(std::max(terminals, 1)));
    for (std::size_t i = 0; i < terminals_.size(); ++i)
        terminals_[i].stream = log_.add_text(terminals > 0 ? std::to_string(i) + " | " : "");
}

int Console::open(int worker) {
    Terminal& terminal = terminals_[static_cast<std::size_t>(std::max(worker, 0))];
    sys::Pty pty = sys::open_pty(size_);
    if (!pty.master) return -1;
    terminal.pty = std::move(pty);
    // The life before may have been killed: what follows in the log is not on its alternate screen.
    if (terminal.modes.alternate_screen()) log_.add(terminal.stream, leave_alternate_screen);
    viewers_.show(terminal.modes.reset());
    terminal.modes = {};
    terminal.queue.clear();
    terminal.line = 0;
    terminal.stopped = false;
    return terminal.pty.slave.get();
}

std::size_t Console::Terminal::queued() const {
    std::size_t out = 0;
    for (const Typed& each : queue) out += each.bytes.size();
    return out;
}

// read(2) of the master also moves what the kernel still holds back for it (n_tty), so that EAGAIN means that
// all of it has been read.
void Console::read_some(Terminal& terminal, std::size_t at_most) {
    // One read(2) gives at most 4095 bytes, so that several are collected for one write.
    char space[1 + 32 * 1024], *const buffer = space + 1;
    constexpr std::size_t size = sizeof space - 1;
    std::size_t filled = 0;
    std::string answers;
    const auto pass_on = [&] {
        const std::string_view bytes(buffer, std::exchange(filled, 0));
        log_.add(terminal.stream, bytes);
        terminal.modes.feed(bytes);
        viewers_.show(bytes);
        answers += terminal.modes.take_answers();
    };
    while (at_most > 0) {
        sys::Flow flow = sys::Flow::as_before;
        const auto n = sys::read_master(terminal.pty.master.get(), buffer + filled,
                                        std::min(at_most, size - filled), flow);
        if (!n) break;
        if (flow != sys::Flow::as_before) terminal.stopped = flow == sys::Flow::stopped;
        at_most -= std::max<std::size_t>(*n, 1);
        filled += *n;
        if (size - filled < 4096) pass_on();
    }
    if (filled > 0) pass_on();
    // Some programs wait for the answers before they do anything. A terminal that is attached answers itself.
    if (!answers.empty() && !viewers_.answers() && terminal.queued() + answers.size() <= run::unread_limit)
        type(terminal, std::move(answers));
}

void Console::catch_up() {
    for (Terminal& terminal : terminals_)
        if (terminal.pty.master) read_some(terminal, bytes_at_once);
}

// Returns why these bytes cannot be typed, or an empty text.
std::string Console::problem_of(const Terminal& terminal, const std::string& bytes, bool ends_line) const {
    int unread = 0;
    ::ioctl(terminal.pty.slave.get(), FIONREAD, &unread);
    if (static_cast<std::size_t>(unread) + terminal.queued() + bytes.size() + (ends_line ? 1 : 0) >
        run::unread_limit)
        return refused_input_full().text;
    if (!sys::line_mode(terminal.pty.master.get()).canonical) return "";
    std::size_t line = terminal.line;
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
        const bool end = i < bytes.size() && (bytes[i] == '\r' || bytes[i] == '\n');
        if (i < bytes.size() ? ++line > sys::canonical_limit
                             : line + (ends_line ? 1 : 0) > sys::canonical_limit)
            return "it does not fit: the terminal takes at most " + std::to_string(sys::canonical_limit) +
                   " bytes in a line, and drops the rest";
        if (end) line = 0;
    }
    return "";
}

run::Answer Console::take(run::Sent what, std::string bytes) {
    if (terminals_.size() > 1) return run::refused("each worker of a pool has a terminal of its own");
    Terminal& terminal = terminals_[0];
    if (!terminal.pty.master) return run::refused("it has no terminal yet");
    if (what == run::Sent::key) {
        const auto key = run::key_bytes(bytes, terminal.modes.cursor_keys());
        if (!key) return run::refused("it does not know this key");
        bytes = *key;
    }
    std::replace(bytes.begin(), bytes.end(), '\n', '\r');  // the key Enter
    const sys::LineMode mode = sys::line_mode(terminal.pty.master.get());
    const bool line = what == run::Sent::line;
    if (what == run::Sent::eof) {
        if (!mode.canonical || mode.end_of_file == '\0')
            return run::refused(
                "its terminal has no end of input now, since the program reads single keys: "
                "sigmund send --key ctrl-d");
        bytes += mode.end_of_file;
    }
    if (std::string why = problem_of(terminal, bytes, line); !why.empty())
        return run::refused_full(std::move(why));
    const bool text = !bytes.empty();
    if (text) type(terminal, std::move(bytes));
    if (line) type(terminal, "\r", text ? pause_before_enter : 0);
    return run::done();
}

void Console::type(Terminal& terminal, std::string bytes, Millis pause) {
    const auto end = bytes.find_last_of("\r\n");
    terminal.line = end == std::string::npos ? terminal.line + bytes.size() : bytes.size() - end - 1;
    terminal.queue.push_back({std::move(bytes), pause});
    write_on(terminal);
}

void Console::write_on(Terminal& terminal) {
    const Millis now = sys::monotonic_ms();
    while (!terminal.queue.empty()) {
        Typed& typed = terminal.queue.front();
        if (const Millis pause = std::exchange(typed.pause, 0); pause > 0) terminal.not_before = now + pause;
        if (now < terminal.not_before) return;
        const ssize_t n = ::write(terminal.pty.master.get(), typed.bytes.data(), typed.bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) {
            terminal.queue.clear();
            return;
        }
        typed.bytes.erase(0, static_cast<std::size_t>(n));
        if (typed.bytes.empty()) terminal.queue.pop_front();
    }
}

void Console::watch(std::vector<pollfd>& set) const {
    const Millis now = sys::monotonic_ms();
    for (const Terminal& terminal : terminals_) {
        const bool types = !terminal.queue.empty() && now >= terminal.not_before;
        set.push_back({terminal.pty.master.get(), static_cast<short>(types ? POLLIN | POLLOUT : POLLIN), 0});
    }
    viewers_.watch(set, terminals_[0].queued() < run::unread_limit);
}

Millis Console::deadline() const {
    Millis first = terminals_[0].restore_size;
    for (const Terminal& terminal : terminals_)
        if (!terminal.queue.empty() && sys::monotonic_ms() < terminal.not_before &&
            (first < 0 || terminal.not_before < first))
            first = terminal.not_before;
    return first;
}

void Console::fire(std::span<const pollfd> polled, Millis, Host&) {
    for (std::size_t i = 0; i < terminals_.size() && i < polled.size(); ++i) {
        if (!terminals_[i].pty.master) continue;
        if ((polled[i].revents & ~POLLOUT) != 0) read_some(terminals_[i], bytes_a_turn);
        if (!terminals_[i].queue.empty()) write_on(terminals_[i]);
    }
    if (!pooled() && polled.size() >= terminals_.size()) serve_viewers(polled.subspan(terminals_.size()));
}

}  // namespace sigmund::guard
