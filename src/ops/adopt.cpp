// SPDX-License-Identifier: Apache-2.0
#include "ops/adopt.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "ops/channel.hpp"
#include "ops/edit.hpp"
#include "run/label.hpp"
#include "run/shell_marks.hpp"
#include "run/shell_session.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Outcome;
using run::Record;

constexpr sys::Millis patience = 5'000;  // ms; a guardian carries this out at once

// The run belongs to another shell than its record said before.
struct OwnerChanged {};

Adoption failed(const Record& record, std::string why, std::string hint = {}) {
    return {record, Outcome::failed, std::move(why), std::move(hint), Exit::usage};
}

Adoption ended(const Record& record) {
    return {record, Outcome::not_running, "it has ended", "sigmund again " + record.id + " starts it again",
            Exit::usage};
}

Adoption owned_by_other(const Record& record) {
    const std::string pid = record.shell.substr(0, record.shell.find('.'));
    return {.record = record,
            .outcome = Outcome::refused,
            .why = "it belongs to another open shell, process " + pid,
            .exit = Exit::refused,
            .owned = true};
}

// Changes the record under its lock. As in the guardian (guard/keeper_change.cpp), the mark of the new shell is made
// before the record names that shell, and made again afterwards, since it may have been swept in between.
Adoption adopt_without_guardian(const run::Store& store, const Record& record, const std::string& shell) {
    const run::ShellMarks marks(store);
    const std::string owner = run::owner_of(record);
    bool marked = false;
    try {
        change_record(store, record, [&](Record& now) {
            if (run::owner_of(now) != owner) throw OwnerChanged{};
            if (const int error = marks.add(shell, record.id); error != 0)
                sys::fail(error, "create", marks.path_of(shell, record.id));
            marked = true;
            now.shell = shell;
            now.keep = false;
        });
    } catch (const std::runtime_error& error) {  // Failure or std::system_error
        if (marked && owner != shell) marks.drop_live(shell, record.id);
        std::string why = error.what();
        if (const std::string name = label(record) + ": "; why.starts_with(name)) why.erase(0, name.size());
        return failed(record, std::move(why));
    }
    (void)marks.add(shell, record.id);
    if (owner != shell) marks.drop_live(owner, record.id);
    return {.record = record, .why = "its guardian is gone, so nothing will tell when it ends"};
}

Adoption adopt_through_guardian(const run::Store& store, const Record& record, const std::string& shell,
                                int channel) {
    bool over = false;
    const auto answer =
        converse(channel, {.kind = Request::Kind::adopt, .shell = shell, .owner = run::owner_of(record)},
                 sys::monotonic_ms() + patience,
                 [&](const Answer& line) { over |= line.kind == Answer::Kind::outcome; });  // already-ended
    if (over) return ended(record);
    if (!answer)
        return store.id_locked(record.id) ? failed(record, "its guardian does not answer") : ended(record);
    if (answer->ok()) return {record};
    if (answer->request_unknown())
        return failed(
            record, "it was started by an older sigmund, whose guardian can tell no other shell of its end",
            "stop it and start it again: sigmund stop " + record.id + " && sigmund again " + record.id);
    Record now;
    if (store.load(record.id, run::Depth::head, now) == run::Read::ok &&
        run::owner_of(now) != run::owner_of(record))
        throw OwnerChanged{};
    return failed(record, answer->text);
}

Adoption attempt(const run::View& view, const run::Judged& run, const std::string& shell, bool force) {
    const Record& record = run.record;
    if (run.verdict.state == run::State::stale)
        return {record, Outcome::refused, run.verdict.why, "", Exit::refused};
    if (!run.live()) return ended(record);
    if (run::owner_of(record) == shell) return {.record = record, .already = true};
    if (has_open_shell(record) && !force) return owned_by_other(record);
    const run::Store& store = view.store();
    if (const sys::Fd channel = reach_guardian(store, record.id))
        return adopt_through_guardian(store, record, shell, channel.get());
    run::Judged now = run;  // it may have ended together with its guardian
    view.look_again(now);
    if (!now.live()) return ended(now.record);
    if (now.verdict.guardian_alive) return failed(now.record, "its guardian does not answer");
    if (run::owner_of(now.record) != run::owner_of(record)) throw OwnerChanged{};
    return adopt_without_guardian(store, now.record, shell);
}

// An adoption does not change whose end the run waits for.
bool ends_with_first_shell(const Record& record) {
    const std::vector<std::string> leases = run::read_spec(record).leases;
    return std::find(leases.begin(), leases.end(), "shell") != leases.end();
}

}  // namespace

bool has_open_shell(const Record& record) {
    return run::shell_alive(run::owner_of(record));
}

Adoption adopt(const run::View& view, run::Judged run, const std::string& shell, bool force) {
    for (int left = 3;; --left) {
        try {
            Adoption adoption = attempt(view, run, shell, force);
            if (adoption.outcome != Outcome::done || adoption.already) return adoption;
            run::ShellMarks(view.store()).forget_orphan(run.record.id);
            if (adoption.why.empty() && ends_with_first_shell(run.record))
                adoption.why = "it still ends with the shell that started it (--while shell)";
            return adoption;
        } catch (const OwnerChanged&) {
            if (left == 0) return failed(run.record, "other shells are adopting it, too");
            view.look_again(run);
        }
    }
}

}  // namespace sigmund::ops
