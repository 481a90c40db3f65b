// SPDX-License-Identifier: Apache-2.0
#include "ops/edit.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ops/channel.hpp"
#include "run/failure.hpp"
#include "run/label.hpp"
#include "run/rescue.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

std::string joined(const std::vector<std::string>& tags) {
    std::string list;
    for (const std::string& tag : tags) list += (list.empty() ? "" : ",") + tag;
    return list;
}

// Sends one request to a guardian. A request that the guardian would cut off is not sent: that throws
// Failure. Returns nothing when the guardian went away.
std::optional<Answer> ask(const run::Record& record, int channel, const Request& request,
                          std::size_t longest) {
    if (const std::size_t size = run::format(request).size(); size > longest)
        throw Failure(Exit::usage, "failed",
                      run::label(record) + ": its guardian takes requests of at most " +
                          std::to_string(longest) + " bytes, this one has " + std::to_string(size),
                      longest == run::older_request_limit
                          ? "it was started by an older sigmund: change fewer tags at a time, or stop it and "
                            "start it again"
                          : "change fewer tags at a time",
                      record.id);
    return converse(channel, request, sys::monotonic_ms() + 10'000);
}

Request set(run::Field field, std::string value) {
    return {.kind = Request::Kind::set, .field = field, .value = std::move(value)};
}

void check(const run::Record& record, const std::optional<Answer>& answer) {
    if (answer && answer->ok()) return;
    throw Failure(Exit::usage, answer && answer->name_taken() ? "name_taken" : "failed",
                  run::label(record) + ": " + (answer ? answer->text : "its guardian went away"), "",
                  record.id);
}

void apply(std::vector<std::string>& now, const std::vector<std::string>& tags, bool remove) {
    for (const std::string& tag : tags) {
        std::erase(now, tag);
        if (!remove) now.push_back(tag);
    }
}

}  // namespace

void change_record(const run::Store& store, const run::Record& record,
                   const std::function<void(run::Record&)>& change) {
    const run::IdLock lock = store.try_lock_id(record.id, true);
    if (!lock) {
        const int error = errno;
        throw Failure(
            Exit::usage, "failed",
            run::label(record) + ": " +
                (error == EWOULDBLOCK ? "its guardian does not answer" : sys::describe_errno(error)));
    }
    run::Record now;
    if (store.read(record.id, run::Depth::full, now) != run::Read::ok)
        throw Failure(Exit::not_found, "not_found", "no run " + record.id);
    if (now.version < run::record_version)
        throw Failure(Exit::usage, "failed",
                      run::label(record) + ": a record of version 1 cannot be changed");
    change(now);
    const int error = store.save(now, lock, sys::Durable::yes, run::record_limit - run::record_growth);
    if (error == EOVERFLOW)
        throw Failure(Exit::usage, "failed",
                      run::label(record) + ": the record of a run is at most " +
                          std::to_string(run::record_limit >> 20) + " MiB long");
    if (error != 0) sys::fail(error, "write", store.path_of(record.id, run::File::record));
}

void rename(const run::Store& store, const run::Record& record, const std::string& name) {
    std::size_t longest = 0;
    if (const sys::Fd channel = reach_guardian(store, record.id, &longest))
        return check(record, ask(record, channel.get(), set(run::Field::name, name), longest));
    change_record(store, record, [&](run::Record& now) { now.name = name; });
}

void leave_shell(const run::Store& store, const std::vector<run::Record>& records, sys::Millis patience) {
    const sys::Millis until = sys::monotonic_ms() + patience;
    std::vector<sys::Fd> asked;
    for (const run::Record& record : records) {
        // There is no hello: a guardian that thaws after this process has ended could not answer it, and would
        // hang up before it reads the request.
        sys::Fd channel = run::connect_guardian(store, record.id, until);
        if (channel && run::send(channel.get(), set(run::Field::shell, "-")) == 0) {
            asked.push_back(std::move(channel));
            continue;
        }
        try {
            change_record(store, record, [](run::Record& now) { now.shell.clear(); });
        } catch (const Failure&) {
            // It is just ending, or its guardian cannot be reached.
        }
    }
    for (const sys::Fd& channel : asked) (void)run::receive_answer(channel.get(), until);
}

void change_tags(const run::Store& store, const run::Record& record, const std::vector<std::string>& tags,
                 bool remove) {
    std::size_t longest = 0;
    const sys::Fd channel = reach_guardian(store, record.id, &longest);
    if (!channel)
        return change_record(store, record, [&](run::Record& now) { apply(now.tags, tags, remove); });
    const run::Field field = remove ? run::Field::remove_tags : run::Field::add_tags;
    for (std::size_t at = 0; at < tags.size(); at += run::tags_limit) {
        const auto from = tags.begin() + static_cast<std::ptrdiff_t>(at);
        const auto to =
            tags.begin() + static_cast<std::ptrdiff_t>(std::min(tags.size(), at + run::tags_limit));
        const auto answer =
            ask(record, channel.get(), set(field, joined(std::vector<std::string>(from, to))), longest);
        if (at == 0 && answer &&
            answer->request_unknown()) {  // an older guardian, which only takes the whole list
            run::Record now;
            if (store.load(record.id, run::Depth::full, now) != run::Read::ok) now = record;
            apply(now.tags, tags, remove);
            return check(record,
                         ask(record, channel.get(), set(run::Field::tags, joined(now.tags)), longest));
        }
        check(record, answer);
    }
}

}  // namespace sigmund::ops
