// SPDX-License-Identifier: Apache-2.0
#include "ops/channel.hpp"

#include <algorithm>

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

}  // namespace sigmund::ops
