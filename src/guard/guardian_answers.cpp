// SPDX-License-Identifier: Apache-2.0
// Requests at the control socket (control.hpp has the words) and their answers, at once or when they are due.
#include <algorithm>
#include <cerrno>
#include <system_error>

#include "guard/guardian.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"

namespace sigmund::guard {
namespace {

std::string pid_line(const char* word, const std::vector<pid_t>& pids) {
    std::string line = word;
    for (const pid_t pid : pids) line += ' ' + std::to_string(pid);
    return line;
}

// What is remembered with its caller; nullptr: only a question.
const char* deed_name(Request::Kind kind) {
    using Kind = Request::Kind;
    switch (kind) {
        case Kind::stop:
            return "stop";
        case Kind::kill:
            return "kill";
        case Kind::signal:
            return "signal";
        case Kind::pause:
            return "pause";
        case Kind::resume:
            return "resume";
        case Kind::restart:
            return "restart";
        default:
            return nullptr;
    }
}

std::vector<std::string> split_tags(const std::string& text) {
    std::vector<std::string> tags;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        if (run::is_tag(text.substr(at, end - at))) tags.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return tags;
}

}  // namespace

void Guardian::say_outcome(Client& client) {
    client.say(pid_line("signalled", ledger_.signalled));
    client.say(pid_line("exited", ledger_.exited));
    client.say(pid_line("killed", ledger_.killed));
    client.say("escaped " + std::to_string(ledger_.escaped));
    client.say(std::string("outcome ") + (ledger_.killed.empty() ? "stopped" : "killed"));
    client.say("took " + std::to_string(sys::monotonic_ms() - client.since));
    client.say("done 0");
}

void Guardian::say_status(Client& client) {
    const sys::ExitStatus known = status();
    if (!known.known)
        client.say("unknown");
    else if (known.signal != 0)
        client.say("signal " + sys::signal_name(known.signal));
    else
        client.say("exit " + std::to_string(known.code));
    client.say("done 0");
}

// What people see has changed: those who follow are told. Words as in the record; `-` for what there is not.
void Guardian::broadcast() {
    const run::Record& r = plan_.record;
    std::string line;
    control_->each_waiting([&](Client& client) {
        if (client.waiting != Request::Kind::events) return;
        if (line.empty())
            line = "event " + std::to_string(sys::realtime_ms()) + ' ' +
                   std::string(run::state_name(r.state)) + ' ' + (r.result.empty() ? "-" : r.result) + ' ' +
                   std::to_string(r.pid) + ' ' + std::to_string(r.restarts) + ' ' +
                   (!r.ready   ? "-"
                    : *r.ready ? "ready"
                               : "unready") +
                   ' ' + (r.health.empty() ? "-" : r.health) + ' ' +
                   (r.status.known ? run::result_of(r.status) : std::string("-"));
        client.say(line);
        if (finished_) {
            client.say("done 0");
            client.waiting = Request::Kind::unknown;
        }
    });
}

void Guardian::answer_waiting() {
    const bool ended = finished_;
    const auto all = [&](auto test) { return std::all_of(members_.begin(), members_.end(), test); };
    // A leader that is to come back has not ended for those who wait.
    const bool leaders_over = ended || all([](const Member& m) {
                                  return m.state.leader_ended() && !m.state.restart_wanted &&
                                         m.state.phase != Phase::backoff && m.state.phase != Phase::starting;
                              });
    const bool stays = plan_.policy.stay && !end_all_;
    const bool restarted = all([](const Member& m) {
        return m.state.phase == Phase::ended || (m.state.phase == Phase::running && !m.state.restart_wanted);
    });
    // It waits for the next change, or for its next turn.
    const bool not_executed = all([](const Member& m) {
        return m.state.phase == Phase::backoff && m.state.cause == Cause::not_executed;
    });
    control_->each_waiting([&](Client& client) {
        using Kind = Request::Kind;
        switch (client.waiting) {
            case Kind::stop:
            case Kind::kill:
                if (!ended) return;
                say_outcome(client);
                break;
            case Kind::wait:
                if (client.until == Client::Until::ready) {
                    if (!ended && !ready()) return;
                    if (ready() && !ended) {
                        client.say("ready");
                        client.say("done 0");
                        break;
                    }
                } else if (client.until == Client::Until::gone ? !ended
                                                               : !ended && (!leaders_over || stays)) {
                    return;
                }
                if (client.until == Client::Until::ready && end_cause_ == Cause::unready) client.say("late");
                if (client.until == Client::Until::ready && end_cause_ == Cause::answered_by_other)
                    client.say("foreign");
                say_status(client);
                break;
            case Kind::restart:
                if (not_executed) {
                    const bool again = members_[0].state.deadline >= 0;
                    const bool taken = members_[0].state.exec_error == EADDRINUSE;
                    client.say("done 1 " +
                               (taken ? "it cannot be started: " + plan_.record.ready_detail
                                      : "it cannot be executed: " +
                                            sys::describe_errno(members_[0].state.exec_error)) +
                               (again ? "; it is tried again" : ""));
                } else if (restarted && !ended) {
                    client.say("pid " + std::to_string(plan_.record.pid));
                    client.say("done 0");
                } else if (ended) {
                    client.say("outcome " + plan_.record.result);
                    client.say("done 1 the run ended instead");
                } else {
                    return;
                }
                break;
            default:
                return;
        }
        client.waiting = Kind::unknown;
    });
}

// Changed as a whole or not at all: what cannot be written is taken back.
void Guardian::set_field(const Request& request, Client& client) {
    run::Record& r = plan_.record;
    const bool keep = r.keep;
    const std::string shell = r.shell, name = r.name;
    const std::vector<std::string> tags = r.tags;
    sys::Fd other_lock;  // of the name that is not the run's: before the change the new one, after it the old
    if (request.word == "keep") {
        r.keep = request.value == "1";
    } else if (request.word == "shell") {
        r.shell.clear();  // it can only be taken away
    } else if (request.word == "tags") {
        r.tags = split_tags(request.value);
    } else if (request.value != r.name) {
        if (!request.value.empty() && !run::is_name(request.value)) return client.say("done 1 invalid name");
        try {
            if (!request.value.empty()) {
                auto taken = plan_.store.lock_name(request.value, r.id);
                if (!taken.lock) return client.say("done 1 name taken by " + taken.holder);
                other_lock = std::move(taken.lock);
            }
        } catch (const std::system_error& error) {
            return client.say("done 1 " + sys::describe_errno(error.code().value()));
        }
        std::swap(plan_.name_lock, other_lock);
        r.name = request.value;
    }
    fill_record();
    const int error = plan_.store.save(r, sys::Durable::yes);
    const std::string& given_up = error == 0 ? name : request.value;
    if (error != 0) {
        if (r.name != name) std::swap(plan_.name_lock, other_lock);
        r.keep = keep;
        r.shell = shell;
        r.name = name;
        r.tags = tags;
    }
    if (other_lock) plan_.store.unlock_name(given_up, std::move(other_lock));
    client.say(error == 0 ? "done 0" : "done 1 " + sys::describe_errno(error));
}

void Guardian::handle(const Request& request, Client& client) {
    using Kind = Request::Kind;
    if (finished_ && request.kind != Kind::hello && request.kind != Kind::wait) {
        client.say("outcome already-ended");
        client.say("done 0");
        return;
    }
    if (const char* verb = deed_name(request.kind))
        run::note_call(plan_.record,
                       request.kind == Kind::signal ? verb + (' ' + sys::signal_name(request.signal))
                                                    : std::string(verb),
                       client.pid, client.uid);
    switch (request.kind) {
        case Kind::hello:
            client.say("hello " + std::to_string(protocol_version));
            return;
        case Kind::stop:
            plan_.stop_signal = request.signal;
            client.waiting = Kind::stop;
            post({.kind = EventKind::stop, .cause = Cause::stop, .grace = request.grace});
            break;
        case Kind::kill:
            client.waiting = Kind::kill;
            post({EventKind::kill});
            break;
        case Kind::restart:
            client.waiting = Kind::restart;
            post({.kind = EventKind::restart, .cause = Cause::restart, .grace = request.grace});
            break;
        case Kind::pause:
        case Kind::resume:
            post({request.kind == Kind::pause ? EventKind::pause : EventKind::resume});
            process_events();
            client.say("done 0");
            return;
        case Kind::signal: {
            const Reach reach = request.word == "leader"  ? Reach::leader
                                : request.word == "every" ? Reach::every
                                                          : Reach::group;
            int reached = 0;
            for (Member& member : members_)
                reached +=
                    send_to_life(member.life, MemberScope(member, aides_), request.signal, 0, reach, nullptr);
            client.say("reached " + std::to_string(reached));
            client.say("done 0");
            return;
        }
        case Kind::wait:
            client.waiting = Kind::wait;
            client.until = request.word == "gone"    ? Client::Until::gone
                           : request.word == "ready" ? Client::Until::ready
                                                     : Client::Until::leader;
            answer_waiting();
            return;
        case Kind::events:
            client.waiting = Kind::events;
            broadcast();
            return;
        case Kind::set:
            return set_field(request, client);
        default:
            client.say("done 1 unknown request");
            return;
    }
    process_events();
}

}  // namespace sigmund::guard
