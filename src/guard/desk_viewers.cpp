// SPDX-License-Identifier: Apache-2.0
// Requests about terminals that are attached to the terminal of the run.
#include <cerrno>
#include <utility>

#include "guard/desk.hpp"
#include "sys/error.hpp"

namespace sigmund::guard {

using run::Answer;

void Desk::attach(const Request& request, Client& client) {
    Console* const console = loop_.console();
    if (!console) return client.say(run::refused("it has no terminal of its own (--tty)"));
    if (console->pooled()) return client.say(run::refused("each worker of a pool has a terminal of its own"));
    if (client.viewer != 0) return client.say(run::refused("this client has attached a terminal already"));
    sys::Fd stream;
    client.viewer = console->attach(request, stream);
    if (client.viewer == 0) return client.say(run::refused(sys::describe_errno(errno)));
    client.say({.kind = Answer::Kind::viewer}, stream.get());
    client.waiting = Request::Kind::attach;
    answer_waiting();
}

// It has no answer, since the client waits for the one to `attach`.
void Desk::resize(const Request& request, Client& client) {
    if (client.waiting != Request::Kind::attach)
        return client.say(run::refused("this client has attached no terminal"));
    if (Console* const console = loop_.console()) console->resize(client.viewer, request);
}

void Desk::detach(const Request& request, Client& client) {
    Console* const console = loop_.console();
    const std::size_t count = console ? console->viewers().count() : 0;
    if (count > 1 && request.viewers == run::Viewers::one)
        return client.say(run::refused(std::to_string(count) + " terminals are attached to it"));
    control_.each_waiting([](Client& other) {
        if (other.waiting != Request::Kind::attach) return;
        other.say({.kind = Answer::Kind::detached});
        other.say(run::done());
        other.waiting = Request::Kind::unknown;
    });
    if (console) {
        console->viewers().dismiss_all();
        console->fit(run::Redraw::as_is);
    }
    client.say({.kind = Answer::Kind::reached, .number = static_cast<std::int64_t>(count)});
    client.say(run::done());
}

void Desk::describe_terminal(Client& client) {
    const Console* const console = loop_.console();
    if (!console) return client.say(run::refused("it has no terminal of its own (--tty)"));
    for (const Answer& each : console->describe()) client.say(each);
    client.say(run::done());
}

// All that the program has written is shown before its end is told.
bool Desk::answer_attached(Client& client) {
    if (!leader_over()) return false;
    if (Console* const console = loop_.console()) {
        console->catch_up();
        const std::size_t lost = console->viewers().dismiss(client.viewer);
        if (lost > 0) client.say({.kind = Answer::Kind::lost, .number = static_cast<std::int64_t>(lost)});
    }
    tell_end(client);
    return true;
}

}  // namespace sigmund::guard
