// SPDX-License-Identifier: Apache-2.0
#include "ops/edit.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>

#include "ops/channel.hpp"
#include "run/failure.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

std::string name_of(const run::Record& record) {
    return record.name.empty() ? record.id : record.name + " (" + record.id + ')';
}

std::string joined(const std::vector<std::string>& tags) {
    std::string list;
    for (const std::string& tag : tags) list += (list.empty() ? "" : ",") + tag;
    return list;
}

struct Answer {
    int code = 0;
    std::string rest;
    bool unknown() const { return code != 0 && rest == "unknown request"; }
};

// Sends one request to a guardian. A request that it would cut off is not sent.
Answer ask(const run::Record& record, int channel, const std::string& request, std::size_t longest) {
    if (request.size() > longest)
        throw Failure(Exit::usage, "failed",
                      name_of(record) + ": its guardian takes requests of at most " +
                          std::to_string(longest) + " bytes, this one has " + std::to_string(request.size()),
                      longest == longest_for_older
                          ? "it was started by an older sigmund: change fewer, or end it and start it again"
                          : "change fewer at a time",
                      record.id);
    Answer answer;
    answer.code = converse(
        channel, request, sys::monotonic_ms() + 10'000, [](const std::string&) {}, &answer.rest);
    return answer;
}

void check(const run::Record& record, const Answer& answer) {
    if (answer.code == 0) return;
    throw Failure(Exit::usage, answer.rest.starts_with("name taken") ? "name_taken" : "failed",
                  name_of(record) + ": " + (answer.rest.empty() ? "its guardian went away" : answer.rest), "",
                  record.id);
}

// Changes the record of a run without a guardian, under its lock.
void change_record(const run::Store& store, const run::Record& record,
                   const std::function<void(run::Record&)>& change) {
    const sys::Fd lock = store.try_lock_id(record.id, true);
    if (!lock) {
        const int error = errno;
        throw Failure(
            Exit::usage, "failed",
            name_of(record) + ": " +
                (error == EWOULDBLOCK ? "its guardian does not answer" : sys::describe_errno(error)));
    }
    run::Record now;
    if (store.read(record.id, run::Depth::full, now) != run::Read::ok)
        throw Failure(Exit::not_found, "not_found", "no run " + record.id);
    if (now.version < run::record_version)
        throw Failure(Exit::usage, "failed", name_of(record) + ": a record of version 1 is not rewritten");
    change(now);
    const int error = store.save(now, sys::Durable::yes, run::record_limit - run::record_growth);
    if (error == EOVERFLOW)
        throw Failure(Exit::usage, "failed",
                      name_of(record) + ": the record of a run is at most " +
                          std::to_string(run::record_limit >> 20) + " MiB long");
    if (error != 0) sys::fail(error, "write", store.path_of(record.id, run::File::record));
}

void apply(std::vector<std::string>& now, const std::vector<std::string>& tags, bool remove) {
    for (const std::string& tag : tags) {
        std::erase(now, tag);
        if (!remove) now.push_back(tag);
    }
}

}  // namespace

void rename(const run::Store& store, const run::Record& record, const std::string& name) {
    std::size_t longest = 0;
    if (const sys::Fd channel = reach_guardian(store, record.id, &longest))
        return check(record, ask(record, channel.get(), "set name " + name, longest));
    change_record(store, record, [&](run::Record& now) { now.name = name; });
}

void leave_shell(const run::Store& store, const run::Record& record) {
    std::size_t longest = 0;
    if (const sys::Fd channel = reach_guardian(store, record.id, &longest))
        return check(record, ask(record, channel.get(), "set shell -", longest));
    change_record(store, record, [](run::Record& now) { now.shell.clear(); });
}

void change_tags(const run::Store& store, const run::Record& record, const std::vector<std::string>& tags,
                 bool remove) {
    std::size_t longest = 0;
    const sys::Fd channel = reach_guardian(store, record.id, &longest);
    if (!channel)
        return change_record(store, record, [&](run::Record& now) { apply(now.tags, tags, remove); });
    const std::string request = remove ? "set remove-tags " : "set add-tags ";
    constexpr std::size_t tags_a_request = 50;  // so many fit the older limit as well
    for (std::size_t at = 0; at < tags.size(); at += tags_a_request) {
        const auto from = tags.begin() + static_cast<std::ptrdiff_t>(at);
        const auto to =
            tags.begin() + static_cast<std::ptrdiff_t>(std::min(tags.size(), at + tags_a_request));
        const Answer answer =
            ask(record, channel.get(), request + joined(std::vector<std::string>(from, to)), longest);
        if (at == 0 && answer.unknown()) {  // an older guardian knows only how to set all of them
            run::Record now;
            if (store.load(record.id, run::Depth::full, now) != run::Read::ok) now = record;
            apply(now.tags, tags, remove);
            return check(record, ask(record, channel.get(), "set tags " + joined(now.tags), longest));
        }
        check(record, answer);
    }
}

}  // namespace sigmund::ops
