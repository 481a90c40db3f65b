// SPDX-License-Identifier: Apache-2.0
#include "guard/loop.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "run/rescue.hpp"
#include "sys/file.hpp"
#include "sys/memory.hpp"
#include "sys/poll.hpp"

namespace sigmund::guard {

Loop::Loop(Guardian& guardian, sys::SignalQueue signals, sys::SignalBits restart_on)
    : guardian_(guardian), signals_(std::move(signals)), restart_on_(restart_on) {
    polled_.set.reserve(8);
}

void Loop::run(sys::Fd launcher, bool once) {
    launcher_ = std::move(launcher);
    if (!launcher_) settle(once);  // it has memory of its own, or the launcher was not answered
    guardian_.process_events();    // what the sources said when they began
    for (;;) {
        try {
            turn();
            if (launcher_) settle_if_alone(once);
        } catch (const std::exception& error) {  // none is known to get here; a run keeps its guardian
            guardian_.note(std::string("a turn of the guardian failed: ") + error.what());
            ::usleep(1'000'000);  // a lasting error must not fill the log
        }
    }
}

// A pipe without a reader gives POLLERR (poll(2)). The kernel closes the descriptors of a process after it has
// left its memory.
void Loop::settle_if_alone(bool once) {
    if (!sys::reader_is_gone(launcher_.get())) return;
    launcher_.reset();
    sys::forget_first_stack();
    settle(once);
}

void Loop::settle(bool once) {
    guardian_.settle(once);
    settled_ = true;
}

int Loop::pause() const {
    if (guardian_.reaper().due()) return 0;
    const Millis due = guardian_.deadline();
    return due < 0 ? -1 : static_cast<int>(std::clamp<Millis>(due - sys::monotonic_ms(), 0, 1 << 30));
}

void Loop::turn() {
    polled_.set.clear();
    polled_.set.push_back({signals_.descriptor(), POLLIN, 0});
    if (launcher_) polled_.set.push_back({launcher_.get(), 0, 0});
    guardian_.watch(polled_);
    const int wait = signals_.pause(pause());
    // An idle guardian has only those pages of the program that it touches from here on.
    if (wait != 0 && std::exchange(settled_, false)) sys::give_back_memory();
    const bool ready = sys::poll_any(polled_.set, wait) > 0;
    const Millis now = sys::monotonic_ms();
    Reaper& reaper = guardian_.reaper();
    const bool again = reaper.take_due();
    // Clients are let in while the reserve is held. Everything else may use it.
    sys::SpareFds& spares = guardian_.spares();
    const bool scarce = sys::SpareFds::scarce(guardian_.descriptors() + polled_.set.size());
    if (scarce) spares.lend();
    if ((ready && polled_.set[0].revents != 0) || signals_.looks()) read_signals();
    if (again && !reaper.due()) reaper.reap();
    if (ready || guardian_.lets_in_later()) {
        guardian_.hear_requests(polled_, now);
        if (scarce) spares.hold();
        guardian_.let_in(polled_, now);
        if (scarce) spares.lend();
    }
    guardian_.fire(polled_, ready, now);
    if (scarce) spares.hold();
}

void Loop::read_signals() {
    signalfd_siginfo info;
    bool child = false;
    while (signals_.read(info)) {
        const int signal = static_cast<int>(info.ssi_signo);
        if (signal == SIGCHLD)
            child = true;
        else if (signal == run::look_again_signal && info.ssi_code == SI_QUEUE &&
                 info.ssi_int == run::look_again_value)
            guardian_.look_at_files();
        else
            take_signal(signal, static_cast<pid_t>(info.ssi_pid), info.ssi_uid);
    }
    if (child) guardian_.reaper().reap();
}

// SIGHUP and the like are not meant for a guardian.
void Loop::take_signal(int signal, pid_t sender, uid_t uid) {
    if ((restart_on_ & sys::signal_bit(signal)) != 0)
        guardian_.post({.kind = EventKind::restart, .cause = Cause::restart_signal});
    else if (signal == SIGTERM || signal == SIGQUIT)
        guardian_.told_to_end(signal, sender, uid);
}

}  // namespace sigmund::guard
