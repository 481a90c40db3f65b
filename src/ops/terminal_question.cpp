// SPDX-License-Identifier: Apache-2.0
#include "ops/terminal_question.hpp"

#include "run/protocol.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::ops {

TerminalQuestion::TerminalQuestion(const run::Store& store, const std::string& id)
    : channel_(store.connect(id, 0)) {
    if (channel_ && run::send(channel_.get(), {.kind = run::Request::Kind::terminal}) != 0) channel_.reset();
}

bool TerminalQuestion::read() {
    std::string line;
    for (;;) {
        const auto got = sys::take_packet(channel_.get(), run::answer_limit, line);
        if (got == sys::Received::none_yet) return false;
        if (got != sys::Received::packet) return true;
        const run::Answer answer = run::parse_answer(line);
        if (answer.kind != run::Answer::Kind::done) {
            take_line(so_far_, answer);
            continue;
        }
        if (answer.ok()) answer_ = std::move(so_far_);
        return true;
    }
}

}  // namespace sigmund::ops
