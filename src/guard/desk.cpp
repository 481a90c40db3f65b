// SPDX-License-Identifier: Apache-2.0
// Requests. The answers that clients wait for are in desk_answers.cpp, and all about terminals that are attached
// in desk_viewers.cpp.
#include "guard/desk.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "run/outcome.hpp"
#include "sys/error.hpp"
#include "sys/signals.hpp"

namespace sigmund::guard {

using run::Answer;

namespace {

// Returns the cause that the sender of a stop has given. An unknown word is a plain stop.
Cause cause_of(const run::EndedBy& reason) {
    if (reason == run::EndedBy::replace) return Cause::replace;
    return reason == run::EndedBy::shell_exit ? Cause::shell_exit : Cause::stop;
}

std::string name_of(const Request& request) {
    const std::string word(run::row_of(request.kind).word);
    return request.kind == Request::Kind::signal ? word + ' ' + sys::signal_name(request.signal) : word;
}

}  // namespace

Desk::Desk(sys::Fd listener, sys::SpareFds spares, Lives& lives, Keeper& keeper, Reaper& reaper,
           const Starter& starter, Loop& loop)
    : spares_(std::move(spares)),
      control_(std::move(listener), *this, spares_),
      lives_(lives),
      keeper_(keeper),
      reaper_(reaper),
      starter_(starter),
      loop_(loop) {}

void Desk::mend_files() {
    if (sys::Fd listener = keeper_.mend()) control_.listen_on(std::move(listener));
}

void Desk::handle(const Request& request, Client& client) {
    using Kind = Request::Kind;
    mend_files();
    switch (request.kind) {
        case Kind::record:
            return pass_record(client);
        case Kind::discard:
            return discard(client);
        case Kind::hello:
            client.say({.kind = Answer::Kind::hello, .number = run::packet_limit});
            return keeper_.retry_now();
        case Kind::wait:
            client.waiting = Kind::wait;
            client.until = request.until;
            return answer_waiting();
        default:
            if (!keeper_.over()) return act(request, client);
            client.say(
                {.kind = Answer::Kind::outcome, .text = run::Outcome(run::Outcome::already_ended).str()});
            client.say(run::done());
    }
}

// Handles the requests to a run that is not over.
void Desk::act(const Request& request, Client& client) {
    using Kind = Request::Kind;
    if (run::row_of(request.kind).acts) keeper_.called(name_of(request), client.pid, client.uid);
    switch (request.kind) {
        case Kind::stop:
            lives_.ending().signal = request.signal;
            return wait(client, request,
                        {.kind = EventKind::stop, .cause = cause_of(request.reason), .grace = request.grace});
        case Kind::kill:
            return wait(client, request, {EventKind::kill});
        case Kind::restart:
            return wait(client, request,
                        {.kind = EventKind::restart, .cause = Cause::restart, .grace = request.grace});
        case Kind::pause:
        case Kind::resume:
            return pause(request, client);
        case Kind::signal:
            return signal(request, client);
        case Kind::events:
            client.waiting = Kind::events;
            return tell_followers();
        case Kind::set:
            return client.say(keeper_.change(request));
        case Kind::send:
            return take_input(request, client);
        case Kind::attach:
            return attach(request, client);
        case Kind::size:
            return resize(request, client);
        case Kind::detach:
            return detach(request, client);
        case Kind::terminal:
            return describe_terminal(client);
        case Kind::adopt:
            return client.say(keeper_.give_to_shell(request.shell, request.owner));
        default:
            return client.say(run::refused_unknown());
    }
}

void Desk::wait(Client& client, const Request& request, const Event& event) {
    client.waiting = request.kind;
    lives_.post(event);
    loop_.process_events();
}

// A run that neither runs nor is paused would continue as if nothing had been asked, so the request is
// refused.
void Desk::pause(const Request& request, Client& client) {
    lives_.post({request.kind == Request::Kind::pause ? EventKind::pause : EventKind::resume});
    loop_.process_events();
    const auto& members = lives_.members();
    if (std::any_of(members.begin(), members.end(), [](const Member& m) {
            return m.state.phase == Phase::running || m.state.phase == Phase::draining;
        }))
        return client.say(run::done());
    client.say(run::refused(keeper_.record().state == run::State::stopping
                                ? "it is being stopped"
                                : "no process of it runs now; it waits to be started again"));
}

// A client sends something long in pieces, which are taken together or not at all.
void Desk::take_input(const Request& request, Client& client) {
    if (client.begun.size() + request.bytes.size() > run::unread_limit) {
        client.begun = {};
        return client.say(refused_input_full());
    }
    client.begun += request.bytes;
    if (request.sent == run::Sent::more) return client.say(run::done());
    std::string bytes = std::exchange(client.begun, {});
    OpenInput* const input = loop_.input();
    if (!input)
        return client.say(run::refused("its input was not left open at the start (--stdin open, or --tty)"));
    const auto& members = lives_.members();
    if (std::none_of(members.begin(), members.end(), [](const Member& m) {
            return m.state.phase != Phase::backoff && m.state.phase != Phase::ended;
        }))
        return client.say(run::refused("no process of it runs now; it waits to be started again"));
    client.say(input->take(request.sent, std::move(bytes)));
}

void Desk::signal(const Request& request, Client& client) {
    int reached = 0;
    for (Member& member : lives_.members())
        reached += reaper_.send(member, request.signal, request.reach, "signal");
    client.say({.kind = Answer::Kind::reached, .number = reached});
    client.say(run::done());
}

void Desk::pass_record(Client& client) {
    const sys::Fd file = keeper_.copy();
    if (!file) return client.say(run::refused(sys::describe_errno(errno)));
    client.say({.kind = Answer::Kind::record}, file.get());
    client.say(run::done());
}

void Desk::discard(Client& client) {
    if (!keeper_.over()) return client.say(run::refused("it is not over"));
    client.say(run::done());
    keeper_.discard();
}

}  // namespace sigmund::guard
