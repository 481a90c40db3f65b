// SPDX-License-Identifier: Apache-2.0
#include "ops/edit.hpp"

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

}  // namespace

void edit(const run::Store& store, const run::Record& record, const std::string& field,
          const std::string& value, void (*change)(run::Record&, const std::string&)) {
    if (const sys::Fd channel = reach_guardian(store, record.id)) {
        std::string rest;
        const int code = converse(
            channel.get(), "set " + field + ' ' + value, sys::monotonic_ms() + 10'000,
            [](const std::string&) {}, &rest);
        if (code == 0) return;
        throw Failure(Exit::usage, rest.starts_with("name taken") ? "name_taken" : "failed",
                      name_of(record) + ": " + (rest.empty() ? "its guardian went away" : rest), "",
                      record.id);
    }
    const sys::Fd lock = store.try_lock_id(record.id, true);
    if (!lock) throw Failure(Exit::usage, "failed", name_of(record) + ": its guardian does not answer");
    run::Record now;
    if (store.load(record.id, run::Depth::full, now) != run::Read::ok)
        throw Failure(Exit::not_found, "not_found", "no run " + record.id);
    if (now.version < run::record_version)
        throw Failure(Exit::usage, "failed", name_of(record) + ": a record of version 1 is not rewritten");
    change(now, value);
    if (const int error = store.save(now, sys::Durable::yes); error != 0)
        sys::fail(error, "write", store.file_path(record.id + ".json"));
}

}  // namespace sigmund::ops
