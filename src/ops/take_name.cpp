// SPDX-License-Identifier: Apache-2.0
#include "ops/take_name.hpp"

#include <unistd.h>

#include <cstdlib>

#include "ops/stop.hpp"
#include "run/failure.hpp"
#include "run/rescue.hpp"
#include "sys/procfs.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;
using sys::Millis;

// How long to wait, in ms:
constexpr Millis turn_patience =
    60'000;  // for the turn of another start, in addition to the grace of the run it stops
constexpr Millis start_patience = 30'000;  // for a start that has the name, but no record yet
constexpr Millis recall_pause = 500;       // for a start to write its record, before looking for its guardian
constexpr Millis free_patience = 10'000;   // for the guardian of a finished run to free the name

[[noreturn]] void taken_by(const run::ScopedName& name, const std::string& holder) {
    throw Failure(Exit::usage, "name_taken",
                  "name " + name.name + " is taken by " + (holder.empty() ? "another start" : holder),
                  (holder.empty() ? "" : "sigmund stop " + holder + ", or ") + "start with --replace",
                  name.name);
}

// A process that ends the run it belongs to does not live long enough to start another one.
bool belongs_to(const run::Record& record) {
    const char* key = std::getenv("SIGMUND_KEY");
    return key && !record.key.empty() && record.key == key;
}

void end_holder(const run::View& view, const run::ScopedName& name, const run::Judged& run) {
    const run::Record& holder = run.record;
    if (belongs_to(holder))
        throw Failure(
            Exit::usage, "name_taken",
            "name " + name.name + " is taken by " + holder.id + ", and this start is part of that run",
            "start it from elsewhere, or use `sigmund restart " + holder.id + '`', name.name);
    const auto outcomes = stop(view, {run}, {.reason = run::EndedBy::replace});
    if (!outcomes.empty() && outcomes[0].exit != Exit::done && outcomes[0].suspects.empty())
        throw Failure(
            Exit::remaining, "survivors",
            "could not stop " + holder.id + ", which holds the name " + name.name + ": " + outcomes[0].why);
}

// Returns the names that a run which is meant by this name may have locked. Runs of older versions use the shared
// scope.
std::vector<run::ScopedName> locks_of(const run::ScopedName& name) {
    if (name.project.empty()) return {name};
    return {name, {name.name, ""}};
}

// Returns the run of that id, if the name means it.
std::optional<run::Record> meant(const run::View& view, const run::ScopedName& name,
                                 const std::optional<std::string>& id) {
    run::Record record;
    if (!id || view.store().load(*id, run::Depth::full, record) != run::Read::ok || !has_name(record, name))
        return std::nullopt;
    return record;
}

// Returns the live run of this name whose guardian, and with it the lock, is gone. It has the name for as long as it
// lives.
std::optional<run::Record> bereft_holder(const run::View& view, const run::ScopedName& name,
                                         const run::ScopedName& lock) {
    auto record = meant(view, name, view.store().name_left_by(lock));
    if (!record || run::is_final(record->state)) return std::nullopt;
    run::Judged run = view.judge(std::move(*record));
    if (!run.live()) return std::nullopt;
    return std::move(run.record);
}

// Returns the run that has the name although its lock is free: because its guardian was killed, or because it was
// started by an older version.
std::optional<run::Record> holder_without_lock(const run::View& view, const run::ScopedName& name) {
    for (const run::ScopedName& lock : locks_of(name)) {
        if (auto bereft = bereft_holder(view, name, lock)) return bereft;
        if (lock == name) continue;
        auto older = meant(view, name, view.store().name_holder(lock));
        if (older && !run::is_final(older->state)) return older;
    }
    return std::nullopt;
}

// Ends every live run of this name that does not have the lock, because its guardian was killed, the file was removed, or
// an older version started it.
void end_holders_without_lock(const run::View& view, const run::ScopedName& name) {
    for (const run::Record& head : view.store().list(run::Depth::head)) {
        if (!has_name(head, name) || run::is_final(head.state) || view.store().name_holder(name) == head.id)
            continue;
        // The run is judged by a new look each time, since ending the one before may have taken long.
        view.census().refresh();
        if (const auto run = view.find(head.id); run && has_name(run->record, name) && run->live())
            end_holder(view, name, *run);
    }
}

// Returns whether a run has ended, also if its guardian has not written that yet.
bool has_ended(const run::View& view, const std::string& id) {
    run::Record record;
    if (view.store().load(id, run::Depth::full, record) != run::Read::ok) return false;
    return run::is_final(record.state) || !view.judge(std::move(record)).live();
}

// Returns whether the run that has the lock belongs to another project, whose path has the same hash.
bool in_other_project(const run::Store& store, const run::ScopedName& name, const std::string& id) {
    run::Record record;
    return store.load(id, run::Depth::head, record) == run::Read::ok && record.in_project &&
           record.project != name.project;
}

}  // namespace

bool guardian_frozen(const run::Record& record) {
    const auto stat = sys::Procfs().stat(record.guardian_pid);
    return stat && stat->start_ticks == record.guardian_ticks && (stat->state == 'T' || stat->state == 't');
}

std::optional<run::Record> holder_of(const run::View& view, const run::ScopedName& name) {
    if (const auto id = view.store().name_holder(name))
        if (auto holder = meant(view, name, id)) return holder;
    return holder_without_lock(view, name);
}

sys::Fd take_name(const run::View& view, const run::ScopedName& name, const std::string& id) {
    if (const auto holder = holder_without_lock(view, name)) taken_by(name, holder->id);
    // A run that has ended frees its name a moment later. A start that has just locked the name has not signed it yet.
    constexpr int looks = 1'000, looks_at_unsigned = 50;
    for (int look = 0;; ++look) {
        auto taken = view.store().lock_name(name, id);
        if (taken.lock) return std::move(taken.lock);
        if (look == (taken.holder.empty() ? looks_at_unsigned : looks) ||
            (!taken.holder.empty() && !has_ended(view, taken.holder)))
            taken_by(name, taken.holder);
        ::usleep(2'000);
    }
}

run::NameClaim claim_name(const run::View& view, const run::ScopedName& name, const std::string& id) {
    std::string before;
    Millis until = -1;
    for (;;) {
        if (auto claim = run::NameClaim::try_take(view.store(), name, id)) return claim;
        const std::string other = run::NameClaim::claimant_of(view.store(), name).value_or("");
        if (until < 0 || other != before) {
            const auto holder = holder_of(view, name);
            until = sys::monotonic_ms() + turn_patience +
                    (holder ? holder->stop_timeout.value_or(run::usual_grace) : 0);
            before = other;
        }
        if (sys::monotonic_ms() >= until)
            throw Failure(Exit::usage, "name_taken",
                          "name " + name.name + " is being replaced by " +
                              (other.empty() ? "another start" : other) + ", which does not finish",
                          "check whether its launcher is stopped; try again once it has ended", name.name);
        ::usleep(5'000);
    }
}

sys::Fd replace_holder(const run::View& view, const run::ScopedName& name, const std::string& id) {
    end_holders_without_lock(view, name);
    const run::Store& store = view.store();
    std::string ended;     // the holder that was ended here
    bool frozen = false;   // its guardian is stopped, and cannot free the name
    std::string recalled;  // the holder whose guardian was told that its files are missing
    Millis until = sys::monotonic_ms() + start_patience;
    const Millis recall_from = sys::monotonic_ms() + recall_pause;
    for (;;) {
        auto taken = store.lock_name(name, id);
        if (taken.lock) return std::move(taken.lock);
        if (!taken.holder.empty() && taken.holder == ended) {
            // The guardian answers before it frees the name.
            if ((frozen || sys::monotonic_ms() >= until) && store.take_name_away(name, ended)) continue;
            if (sys::monotonic_ms() >= until + free_patience) taken_by(name, ended);
        } else if (const auto holder = holder_of(view, name); holder && holder->id == taken.holder) {
            view.census().refresh();
            end_holder(view, name, view.judge(*holder));
            ended = holder->id;
            frozen = guardian_frozen(*holder);
            until = sys::monotonic_ms() + free_patience;
            continue;
        } else if (in_other_project(store, name, taken.holder)) {
            taken_by(name, taken.holder);
        } else if (taken.holder != recalled && sys::monotonic_ms() >= recall_from) {
            // No start takes that long to write its record, so the record may have been removed.
            recalled = taken.holder;
            run::Record record;
            if (store.load(recalled, run::Depth::head, record) == run::Read::corrupt) {
                if (auto failure = run::damaged_but_alive(store, recalled)) {
                    failure->exit = Exit::usage;
                    throw *failure;
                }
            }
            run::recall_guardian(store, recalled);
            continue;
        } else if (sys::monotonic_ms() >= until) {
            throw Failure(Exit::usage, "name_taken",
                          "name " + name.name + " is taken by " +
                              (taken.holder.empty() ? "another start" : taken.holder) +
                              ", which does not finish",
                          "try again once it has ended", name.name);
        }
        ::usleep(2'000);
    }
}

}  // namespace sigmund::ops
