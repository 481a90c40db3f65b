// SPDX-License-Identifier: Apache-2.0
#include "ops/channel.hpp"

#include <algorithm>

#include "run/failure.hpp"
#include "run/label.hpp"
#include "run/rescue.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

sys::Fd reach_guardian(const run::Store& store, const std::string& id, std::size_t* longest) {
    if (!store.present()) return sys::Fd();
    sys::Fd fd = run::connect_guardian(store, id, sys::monotonic_ms() + run::hello_patience);
    if (!fd) return fd;
    if (run::send(fd.get(), {.kind = Request::Kind::hello}) != 0) return sys::Fd();
    const auto answer = run::receive_answer(fd.get(), sys::monotonic_ms() + run::hello_patience);
    if (!answer || answer->kind != Answer::Kind::hello) return sys::Fd();
    if (longest) *longest = std::min(static_cast<std::size_t>(answer->number), run::packet_limit);
    return fd;
}

sys::Fd reach_live(const run::View& view, const run::Judged& run, const std::string& with_it) {
    const auto refuse = [&](const std::string& why, run::Exit exit = run::Exit::usage,
                            const std::string& hint = "") {
        throw run::Failure(exit, "failed", label(run.record) + ": " + why, hint, run.record.id);
    };
    const auto refuse_ended = [&] {
        refuse("it has ended", run::Exit::usage, "sigmund again " + run.record.id + " starts it again");
    };
    if (run.verdict.state == run::State::stale) refuse(run.verdict.why, run::Exit::refused);
    if (!run.live()) refuse_ended();
    sys::Fd channel = reach_guardian(view.store(), run.record.id);
    if (channel) return channel;
    run::Judged now = run;
    view.look_again(now);
    if (!now.live()) refuse_ended();
    refuse(now.verdict.guardian_alive ? "its guardian does not answer"
                                      : "its guardian is gone, and " + with_it + " with it");
    return {};
}

}  // namespace sigmund::ops
