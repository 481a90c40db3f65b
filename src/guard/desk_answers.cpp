// SPDX-License-Identifier: Apache-2.0
// The answers of the desk that clients wait for.
#include <cerrno>

#include "guard/desk.hpp"
#include "run/outcome.hpp"

namespace sigmund::guard {

using run::Answer;
using Kind = Answer::Kind;

void Desk::changed_on_disk(const std::string& lines) {
    changes_ += (changes_.empty() ? "" : "\n") + lines;
}

Answer Desk::event_now() const {
    const run::Record& r = keeper_.record();
    Answer event{.kind = Kind::event};
    event.change = {.at_ms = sys::realtime_ms(),
                    .state = std::string(run::state_name(r.state)),
                    .result = r.result,
                    .pid = r.pid,
                    .restarts = r.restarts,
                    .ready = !r.ready   ? ""
                             : *r.ready ? "ready"
                                        : "unready",
                    .health = r.health,
                    .exit = r.status.known ? run::Result::of(r.status) : run::Result(),
                    .changes = changes_};
    return event;
}

void Desk::tell_followers() {
    std::optional<Answer> event;
    control_.each_waiting([&](Client& client) {
        if (client.waiting != Request::Kind::events) return;
        if (!event) event = event_now();
        client.say(*event);
        if (!keeper_.over()) return;
        client.say(run::done());
        client.waiting = Request::Kind::unknown;
    });
    changes_.clear();
}

void Desk::answer_waiting() {
    control_.each_waiting([&](Client& client) {
        if (answer(client)) client.waiting = Request::Kind::unknown;
    });
}

bool Desk::answer(Client& client) {
    switch (client.waiting) {
        case Request::Kind::stop:
        case Request::Kind::kill:
            return answer_stop(client);
        case Request::Kind::wait:
            return answer_wait(client);
        case Request::Kind::restart:
            return answer_restart(client);
        case Request::Kind::attach:
            return answer_attached(client);
        default:
            return false;
    }
}

bool Desk::answer_stop(Client& client) {
    if (!keeper_.over()) return false;
    const Ledger& ledger = lives_.ending().ledger;
    const run::Outcome outcome = ledger.killed.empty() ? run::Outcome::stopped : run::Outcome::killed;
    client.say({.kind = Kind::signalled, .pids = ledger.signalled});
    client.say({.kind = Kind::exited, .pids = ledger.exited});
    client.say({.kind = Kind::killed, .pids = ledger.killed});
    if (ledger.unlisted > 0) client.say({.kind = Kind::unlisted, .number = ledger.unlisted});
    client.say({.kind = Kind::escaped, .number = ledger.escaped});
    client.say({.kind = Kind::outcome, .text = outcome.str()});
    client.say({.kind = Kind::took, .number = sys::monotonic_ms() - client.since});
    client.say(run::done());
    return true;
}

bool Desk::answer_wait(Client& client) {
    const bool over = keeper_.over();
    const Cause cause = lives_.ending().cause;
    if (client.until == run::Until::ready) {
        const run::Record& r = keeper_.record();
        const bool ready = !r.ready || *r.ready;
        if (!over && !ready) return false;
        if (!over) {
            client.say({.kind = Kind::ready});
            client.say(run::done());
            return true;
        }
        if (cause == Cause::unready) client.say({.kind = Kind::late});
        if (cause == Cause::answered_by_other) client.say({.kind = Kind::foreign});
    } else if (!over && (client.until == run::Until::gone || !leader_over())) {
        return false;
    }
    tell_end(client);
    return true;
}

// A leader that will come back has not ended for the clients that wait.
bool Desk::leader_over() const {
    const bool stays = lives_.policy().stay && !lives_.ending().begun;
    return keeper_.over() || (!stays && lives_.leaders_over());
}

void Desk::tell_end(Client& client) {
    client.say(run::answer_of(lives_.status()));
    client.say({.kind = Kind::cause, .text = ended_by(lives_.cause_of_end()).str()});
    client.say(run::done());
}

bool Desk::answer_restart(Client& client) {
    const run::Record& r = keeper_.record();
    if (lives_.not_executed()) {
        const State& first = lives_.members()[0].state;
        const std::string why = first.exec_error == EADDRINUSE
                                    ? "it cannot be started: " + r.ready_detail
                                    : "it cannot be executed: " + starter_.problem();
        client.say(run::refused(why + (first.deadline >= 0    ? "; it is tried again"
                                       : lives_.policy().stay ? "; it waits for the next change"
                                                              : "")));
        return true;
    }
    if (keeper_.over()) {
        client.say({.kind = Kind::outcome, .text = r.result.str()});
        client.say(run::refused(r.result == run::Result::launch && !starter_.problem().empty()
                                    ? "it cannot be executed: " + starter_.problem()
                                    : "the run ended instead"));
        return true;
    }
    if (!lives_.restarted()) return false;
    client.say({.kind = Kind::pid, .number = r.pid});
    client.say(run::done());
    return true;
}

}  // namespace sigmund::guard
