// SPDX-License-Identifier: Apache-2.0
#include "top/board.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace sigmund::top {
namespace {

constexpr sys::Millis picture_pause = 40;  // between two pictures that nobody has asked for by a key

// Returns whether another process group has the terminal. A terminal that is gone is nobody's.
bool in_background() {
    const pid_t foreground = ::tcgetpgrp(STDIN_FILENO);
    return foreground > 0 && foreground != ::getpgrp();
}

}  // namespace

int Board::run() {
    sigset_t caught;
    sigemptyset(&caught);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH})
        sigaddset(&caught, signal);
    const sys::SignalQueue signals(caught);
    list_changed();
    while (!mode_.over) {
        follow_selected();
        const sys::Millis now = sys::monotonic_ms();
        if (mode_.dirty && (mode_.urgent || now - work_.times.drawn >= picture_pause)) {
            draw();
            work_.times.drawn = now;
            mode_.dirty = mode_.urgent = false;
        }
        try {
            wait(signals);
        } catch (const std::exception& error) {
            // Such as a lack of descriptors. What is shown stays, and the next second tries again.
            mode_.message = error.what();
            mode_.dirty = true;
            work_.times.to_measure.clear();
        }
    }
    return 0;
}

int Board::timeout() const {
    if (!work_.times.to_measure.empty() || mode_.more_log) return 0;
    const sys::Millis now = sys::monotonic_ms();
    sys::Millis until = work_.times.tick;
    if (mode_.dirty) until = std::min(until, work_.times.drawn + picture_pause);
    return static_cast<int>(std::clamp<sys::Millis>(until - now, 0, 1'000));
}

void Board::wait(const sys::SignalQueue& signals) {
    std::vector<pollfd> set{{STDIN_FILENO, POLLIN, 0},
                            {signals.descriptor(), POLLIN, 0},
                            {runs_.notes(), POLLIN, 0},
                            {log_.notes(), POLLIN, 0}};
    for (const VerbChild& child : work_.children) set.push_back({child.descriptor(), POLLIN, 0});
    for (const int answer : runs_.answers()) set.push_back({answer, POLLIN, 0});
    ::poll(set.data(), set.size(), signals.pause(timeout()));
    take_signal(signals);
    if ((set[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) mode_.over = true;
    if (mode_.over) return;
    if (set[0].revents != 0) {
        for (Key key = screen_.read(); key.kind != Key::Kind::none && !mode_.over; key = screen_.read())
            press(key);
        return;  // what was typed is shown before anything else is done
    }
    if (set[2].revents != 0 && runs_.take_notes()) list_changed();
    if (set[3].revents != 0 || mode_.more_log)
        if (log_.read(runs_.store(), mode_.more_log)) mode_.dirty = true;
    if (runs_.take_answers()) mode_.dirty = true;
    take_children();
    if (sys::monotonic_ms() >= work_.times.tick)
        tick();
    else
        measure_next();
}

void Board::take_signal(const sys::SignalQueue& signals) {
    signalfd_siginfo signal{};
    while (!mode_.over && signals.read(signal)) {
        switch (static_cast<int>(signal.ssi_signo)) {
            case SIGWINCH:
                screen_.take_size();
                mode_.dirty = mode_.urgent = true;
                break;
            case SIGTSTP:
                suspend();
                break;
            case SIGCONT:
                if (in_background()) {
                    suspend();
                    break;
                }
                screen_.enter();
                mode_.dirty = mode_.urgent = true;
                break;
            default:
                mode_.over = true;
        }
    }
}

// The parent sees that this process has stopped, and stops, too. In the background (`bg`) both stop again, as the terminal
// belongs to the shell.
void Board::suspend() {
    screen_.leave();
    constexpr int pause = 100;  // ms: where no shell could continue this process, nothing stops it any more
    ::kill(::getpid(), SIGSTOP);
    while (in_background())
        if (::poll(nullptr, 0, pause); in_background()) ::kill(::getpid(), SIGSTOP);
    screen_.enter();
    mode_.dirty = mode_.urgent = true;
}

void Board::tick() {
    work_.times.tick = sys::monotonic_ms() + 1'000;
    if (runs_.look_around()) list_changed();
    log_.read(runs_.store(), mode_.more_log);
    const Layout where = layout();
    const std::size_t first = picker_.first_row(where.list_rows);
    auto& queue = work_.times.to_measure;
    queue.clear();
    for (std::size_t row = first; row < std::min(first + where.list_rows, picker_.shown().size()); ++row)
        queue.push_back(picker_.shown()[row]);
    work_.times.fresh = true;
    mode_.dirty = true;  // the ages
}

// One run at a time, so that keys are answered in between.
void Board::measure_next() {
    auto& queue = work_.times.to_measure;
    if (queue.empty()) return;
    const std::string id = std::move(queue.front());
    queue.pop_front();
    const Run* run = runs_.find(id);
    const bool live = run != nullptr && run->now.live();
    runs_.measure(id, std::exchange(work_.times.fresh, false));
    runs_.ask(id);
    run = runs_.find(id);
    if (live != (run != nullptr && run->now.live())) list_changed();
    if (queue.empty()) mode_.dirty = true;
}

void Board::list_changed() {
    picker_.set(runs_.entries());
    mode_.dirty = true;
}

void Board::follow_selected() {
    const Run* run = runs_.find(picker_.selected());
    if (run == nullptr) return log_.close();
    if (log_.run() == picker_.selected()) return;
    mode_.shift = 0;
    log_.show(runs_.store(), run->now.record);
    log_.read(runs_.store(), mode_.more_log);
    mode_.dirty = true;
}

void Board::take_children() {
    for (VerbChild& child : work_.children) {
        if (!child.read()) continue;
        mode_.dirty = mode_.urgent = true;
        const std::string last = child.last_line();
        const std::string verb = child.words()[0];
        if (page_.shown && page_.title == verb + ' ' + child.words().back()) {
            page_.lines.clear();
            std::string_view text = child.text();
            while (!text.empty()) {
                const auto end = std::min(text.find('\n'), text.size());
                page_.lines.emplace_back(text.substr(0, end));
                text.remove_prefix(std::min(end + 1, text.size()));
            }
        } else {
            mode_.message = !last.empty() ? last : verb + (child.ok() ? ": done" : ": it failed");
        }
    }
    std::erase_if(work_.children, [](const VerbChild& child) { return child.ended(); });
}

}  // namespace sigmund::top
