// SPDX-License-Identifier: Apache-2.0
// Changes of the record on request, as a whole or not at all. What cannot be written is taken back.
#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "guard/keeper.hpp"
#include "run/id.hpp"
#include "run/name_claim.hpp"
#include "run/shell_marks.hpp"
#include "sys/error.hpp"
#include "text/words.hpp"

namespace sigmund::guard {
namespace {

// Reads a list of tags, which a comma may also end.
std::vector<std::string> listed_tags(std::string_view list) {
    if (list.empty()) return {};
    std::vector<std::string> out = text::split(list, ',');
    if (out.size() > 1 && out.back().empty()) out.pop_back();
    return out;
}

// Returns the tags of a run after the given ones have replaced them, were added or were removed.
std::vector<std::string> changed_tags(std::vector<std::string> now, run::Field field,
                                      std::vector<std::string> given) {
    if (field == run::Field::tags) return given;
    for (std::string& tag : given) {
        std::erase(now, tag);
        if (field == run::Field::add_tags) now.push_back(std::move(tag));
    }
    return now;
}

run::Answer refused_for(int error) {
    return run::refused(error == EOVERFLOW ? "the record of a run is at most " +
                                                 std::to_string(run::record_limit >> 20) + " MiB long"
                                           : sys::describe_errno(error));
}

}  // namespace

struct Keeper::Renaming {
    sys::Fd lock;           // of the new name
    run::NameClaim of_old;  // so that no start with --replace ends the run under the old name meanwhile
};

std::optional<run::Answer> Keeper::rename(const std::string& name, Renaming& out) {
    const run::Store& store = files_.store();
    if (!name.empty() && !run::is_name(name)) return run::refused("invalid name");
    try {
        // A start with --replace that has claimed the name will end the run that it found under this name, so
        // the name must still belong to this run.
        const run::ScopedName now = run::scoped_name(record_);
        if (!now.empty() && !(out.of_old = run::NameClaim::try_take(store, now, record_.id)))
            return run::refused("the run is being replaced, by " +
                                run::NameClaim::claimant_of(store, now).value_or("another start"));
        if (name.empty()) return std::nullopt;
        auto taken = store.lock_name(run::scoped_name(record_, name), record_.id);
        if (!taken.lock)
            return run::refused_name_taken(taken.holder.empty() ? "another start" : taken.holder);
        out.lock = std::move(taken.lock);
    } catch (const std::system_error& error) {
        return refused_for(error.code().value());
    }
    return std::nullopt;
}

run::Answer Keeper::change(const run::Request& request) {
    const bool keep = record_.keep;
    const std::string shell = record_.shell, name = record_.name;
    const std::vector<std::string> tags = record_.tags;
    Renaming renaming;
    sys::Fd
        other_lock;  // of the name that the run does not have: the old one or, after a failure, the new one
    switch (request.field) {
        case run::Field::keep:
            record_.keep = request.value == "1";
            break;
        case run::Field::shell:
            record_.shell.clear();
            break;
        case run::Field::name:
            if (request.value == name) break;
            if (auto refusal = rename(request.value, renaming)) return *refusal;
            other_lock = files_.change_name_lock(std::move(renaming.lock));
            record_.name = request.value;
            break;
        case run::Field::tags:
        case run::Field::add_tags:
        case run::Field::remove_tags: {
            std::vector<std::string> given = listed_tags(request.value);
            if (!std::all_of(given.begin(), given.end(), [](const auto& tag) { return run::is_tag(tag); }))
                return run::refused("invalid tags");
            record_.tags = changed_tags(tags, request.field, std::move(given));
            break;
        }
    }
    show();
    const int error = files_.write(record_, sys::Durable::yes, run::record_limit - run::record_growth);
    if (error != 0) {
        if (record_.name != name) other_lock = files_.change_name_lock(std::move(other_lock));
        record_.keep = keep;
        record_.shell = shell;
        record_.name = name;
        record_.tags = tags;
    }
    if (other_lock)
        files_.store().unlock_name(run::scoped_name(record_, error == 0 ? name : request.value),
                                   std::move(other_lock));
    if (record_.shell != shell) files_.unmark(shell);
    return error == 0 ? run::done() : refused_for(error);
}

// The owner of a run has its mark. So the mark is made before the record names the new owner. It is made again
// afterwards, since in between it looked like the leftover of an adoption that failed, which may be swept.
run::Answer Keeper::give_to_shell(const std::string& shell, const std::string& owner) {
    const std::string owner_now = run::owner_of(record_);
    if (owner_now != owner) return run::refused("it belongs to another shell by now");
    if (const int error = files_.mark_live(shell); error != 0) return refused_for(error);
    const std::string shell_now = record_.shell;
    const bool keep = record_.keep;
    record_.shell = shell;
    record_.keep = false;
    show();
    const int error = files_.write(record_, sys::Durable::yes, run::record_limit - run::record_growth);
    if (error != 0) {
        record_.shell = shell_now;
        record_.keep = keep;
        if (shell != owner) files_.unmark(shell);
        return refused_for(error);
    }
    files_.mark_live(shell);
    if (shell != owner) files_.unmark(owner);
    return run::done();
}

}  // namespace sigmund::guard
