// SPDX-License-Identifier: Apache-2.0
// Requests at the control socket (control.hpp has the words) and their answers, at once or when they are due.
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "guard/guardian.hpp"
#include "run/id.hpp"
#include "run/name_claim.hpp"
#include "run/outcome.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/unix_socket.hpp"
#include "text/escape.hpp"

namespace sigmund::guard {
namespace {

// The ledger keeps 1,000 of each kind: a line of them fits a packet.
std::string pid_line(const char* word, const std::vector<pid_t>& pids) {
    static_assert(Ledger::limit * sizeof " 4194304" < sys::max_packet);
    std::string line = word;
    for (const pid_t pid : pids) line += ' ' + std::to_string(pid);
    return line;
}

// What a stop is for, as its sender says. A word that is not known here is a plain stop.
Cause reason_of(const run::EndedBy& reason) {
    if (reason == run::EndedBy::replace) return Cause::replace;
    return reason == run::EndedBy::shell_exit ? Cause::shell_exit : Cause::stop;
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

// Escaped, so that it is one word of a line, and cut at a line to what a packet holds.
std::string one_word(std::string text) {
    constexpr std::size_t most = 24 * 1024;
    std::string out;
    do {
        out.clear();
        for (const char c : text::escape(text)) c == ' ' ? out += "\\x20" : out += c;
        text.resize(std::min(text.rfind('\n'), text.size() / 2));
    } while (out.size() > most);
    return out;
}

std::vector<std::string> split_tags(const std::string& text) {
    std::vector<std::string> tags;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        tags.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return tags;
}

// The tags after `set WORD A,B`: those of that list instead of, with, or without.
std::vector<std::string> changed_tags(std::vector<std::string> now, const std::string& word,
                                      std::vector<std::string> given) {
    if (word == "tags") return given;
    for (std::string& tag : given) {
        std::erase(now, tag);
        if (word == "add-tags") now.push_back(std::move(tag));
    }
    return now;
}

}  // namespace

void Guardian::say_outcome(Client& client) {
    client.say(pid_line("signalled", ledger_.signalled));
    client.say(pid_line("exited", ledger_.exited));
    client.say(pid_line("killed", ledger_.killed));
    if (ledger_.unlisted > 0) client.say("unlisted " + std::to_string(ledger_.unlisted));
    client.say("escaped " + std::to_string(ledger_.escaped));
    const run::Outcome outcome = ledger_.killed.empty() ? run::Outcome::stopped : run::Outcome::killed;
    client.say("outcome " + outcome.str());
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
    client.say("cause " + ended_by(cause_of_end()).str());
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
                   std::string(run::state_name(r.state)) + ' ' + (r.result.empty() ? "-" : r.result.str()) +
                   ' ' + std::to_string(r.pid) + ' ' + std::to_string(r.restarts) + ' ' +
                   (!r.ready   ? "-"
                    : *r.ready ? "ready"
                               : "unready") +
                   ' ' + (r.health.empty() ? "-" : r.health) + ' ' +
                   (r.status.known ? run::Result::of(r.status).str() : "-") +
                   (changes_.empty() ? "" : ' ' + one_word(changes_));
        client.say(line);
        if (finished_) {
            client.say("done 0");
            client.waiting = Request::Kind::unknown;
        }
    });
    changes_.clear();
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
                if (client.until == run::Until::ready) {
                    if (!ended && !ready()) return;
                    if (ready() && !ended) {
                        client.say("ready");
                        client.say("done 0");
                        break;
                    }
                } else if (client.until == run::Until::gone ? !ended : !ended && (!leaders_over || stays)) {
                    return;
                }
                if (client.until == run::Until::ready && end_cause_ == Cause::unready) client.say("late");
                if (client.until == run::Until::ready && end_cause_ == Cause::answered_by_other)
                    client.say("foreign");
                say_status(client);
                break;
            case Kind::restart:
                if (not_executed) {
                    const bool again = members_[0].state.deadline >= 0;
                    const bool taken = members_[0].state.exec_error == EADDRINUSE;
                    client.say("done 1 " +
                               (taken ? "it cannot be started: " + plan_.record.ready_detail
                                      : "it cannot be executed: " + start_problem_) +
                               (again               ? "; it is tried again"
                                : plan_.policy.stay ? "; it waits for the next change"
                                                    : ""));
                } else if (restarted && !ended) {
                    client.say("pid " + std::to_string(plan_.record.pid));
                    client.say("done 0");
                } else if (ended) {
                    client.say("outcome " + plan_.record.result.str());
                    client.say(plan_.record.result == run::Result::launch && !start_problem_.empty()
                                   ? "done 1 it cannot be executed: " + start_problem_
                                   : "done 1 the run ended instead");
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
    run::NameClaim claim;  // of the old name
    if (request.word == "keep") {
        r.keep = request.value == "1";
    } else if (request.word == "shell") {
        r.shell.clear();  // it can only be taken away
    } else if (request.word.ends_with("tags")) {
        std::vector<std::string> given = split_tags(request.value);
        if (!std::all_of(given.begin(), given.end(), [](const std::string& tag) { return run::is_tag(tag); }))
            return client.say("done 1 invalid tags");
        r.tags = changed_tags(tags, request.word, std::move(given));
    } else if (request.value != r.name) {
        if (!request.value.empty() && !run::is_name(request.value)) return client.say("done 1 invalid name");
        try {
            // A start with --replace that has claimed the name is about to end the run that it found under
            // it: that must still be this one.
            if (!name.empty() && !(claim = run::NameClaim::try_take(plan_.store, name, r.id)))
                return client.say("done 1 the run is being replaced, by " +
                                  run::claimant_of(plan_.store, name).value_or("another start"));
            if (!request.value.empty()) {
                auto taken = plan_.store.lock_name(request.value, r.id);
                if (!taken.lock)
                    return client.say("done 1 name taken by " +
                                      (taken.holder.empty() ? "another start" : taken.holder));
                other_lock = std::move(taken.lock);
            }
        } catch (const std::system_error& error) {
            return client.say("done 1 " + sys::describe_errno(error.code().value()));
        }
        std::swap(plan_.name_lock, other_lock);
        r.name = request.value;
    }
    fill_record();
    const int error = write_down(sys::Durable::yes, run::record_limit - run::record_growth);
    const std::string& given_up = error == 0 ? name : request.value;
    if (error != 0) {
        if (r.name != name) std::swap(plan_.name_lock, other_lock);
        r.keep = keep;
        r.shell = shell;
        r.name = name;
        r.tags = tags;
    }
    if (other_lock) plan_.store.unlock_name(given_up, std::move(other_lock));
    if (error == 0) return client.say("done 0");
    client.say("done 1 " + (error == EOVERFLOW ? "the record of a run is at most " +
                                                     std::to_string(run::record_limit >> 20) + " MiB long"
                                               : sys::describe_errno(error)));
}

// A file without a name, so that this works where nothing can be written to the store.
void Guardian::pass_record(Client& client) {
    // Whoever asks has found the one on the disk damaged, although it may look like the one that was written.
    if (!finished_ && write_down(sys::Durable::no) != 0 && retry_at_ < 0) retry_later();
    const std::string text = run::write_record(plan_.record);
    const sys::Fd file(::memfd_create("record", MFD_CLOEXEC));
    const int error = file ? sys::write_all(file.get(), text) : errno;
    if (error != 0) return client.say("done 1 " + sys::describe_errno(error));
    client.say("record", file.get());
    client.say("done 0");
}

void Guardian::handle(const Request& request, Client& client) {
    using Kind = Request::Kind;
    mend_files();
    if (request.kind == Kind::record) return pass_record(client);
    if (request.kind == Kind::discard) return discard(client);
    if (finished_ && request.kind != Kind::hello && request.kind != Kind::wait) {
        client.say("outcome " + run::Outcome(run::Outcome::already_ended).str());
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
            client.say("hello " + std::to_string(protocol_version) + ' ' + std::to_string(sys::max_packet));
            retry_now();
            return;
        case Kind::stop:
            plan_.stop_signal = request.signal;
            client.waiting = Kind::stop;
            post({.kind = EventKind::stop, .cause = reason_of(request.reason), .grace = request.grace});
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
            // What neither runs nor is paused would go on as if nothing had been asked.
            if (std::any_of(members_.begin(), members_.end(), [](const Member& m) {
                    return m.state.phase == Phase::running || m.state.phase == Phase::draining;
                }))
                client.say("done 0");
            else
                client.say(plan_.record.state == run::State::stopping
                               ? "done 1 it is being stopped"
                               : "done 1 no process of it runs now; it waits to be started again");
            return;
        case Kind::signal: {
            int reached = 0;
            for (Member& member : members_)
                reached += send_to_life(member.life, MemberScope(member, aides_), request.signal, 0,
                                        request.reach, nullptr);
            client.say("reached " + std::to_string(reached));
            client.say("done 0");
            return;
        }
        case Kind::wait:
            client.waiting = Kind::wait;
            client.until = request.until;
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
