// SPDX-License-Identifier: Apache-2.0
#include "ops/send.hpp"

#include <algorithm>

#include "ops/channel.hpp"
#include "run/failure.hpp"
#include "run/label.hpp"
#include "run/spec.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;
using run::Sent;

constexpr sys::Millis guardian_patience = 10'000;

[[noreturn]] void refuse(const run::Record& record, const std::string& why, const std::string& hint = {},
                         Exit exit = Exit::usage) {
    throw Failure(exit, exit == Exit::remaining ? "full" : "failed", label(record) + ": " + why, hint,
                  record.id);
}

}  // namespace

void send(const run::View& view, const run::Judged& run, Sent what, std::string_view bytes) {
    if (bytes.size() > run::unread_limit)
        refuse(run.record,
               "it does not fit: at most " + std::to_string(run::unread_limit / 1024) +
                   " KiB can wait unread in its input",
               "send it in parts, as the command reads them", Exit::remaining);
    const sys::Fd channel = reach_live(view, run, "its input");
    const sys::Millis deadline = sys::monotonic_ms() + guardian_patience;
    do {
        const std::string piece(bytes.substr(0, run::sent_piece));
        bytes.remove_prefix(piece.size());
        const auto answer =
            converse(channel.get(),
                     {.kind = Request::Kind::send, .sent = bytes.empty() ? what : Sent::more, .bytes = piece},
                     deadline, [&](const Answer& line) {
                         if (line.kind == Answer::Kind::outcome) refuse(run.record, "it has ended");
                     });
        if (!answer)
            refuse(run.record, sys::monotonic_ms() >= deadline ? "its guardian does not answer"
                                                               : "its guardian went away");
        if (answer->request_unknown())
            refuse(run.record, "its guardian is of an older version, which cannot write to its input");
        if (answer->full())
            refuse(run.record, answer->text, "nothing was written; try again once it has read more",
                   Exit::remaining);
        if (!answer->ok()) refuse(run.record, answer->text);
    } while (!bytes.empty());
}

}  // namespace sigmund::ops
