// SPDX-License-Identifier: Apache-2.0
// Changes the name, the tags or the shell of a run, through its guardian while that lives, else in its
// record.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

// Each of these functions makes the whole change, or throws Failure or std::system_error with the reason.

// Changes the record of a run that has no guardian. `change` is called under the lock of the id.
void change_record(const run::Store& store, const run::Record& record,
                   const std::function<void(run::Record&)>& change);
void rename(const run::Store& store, const run::Record& record, const std::string& name);
// Adds tags at the end of the list, or removes them. Changes that another command makes to other tags at the
// same time are kept, unless the guardian is of version 0.1.
void change_tags(const run::Store& store, const run::Record& record, const std::vector<std::string>& tags,
                 bool remove);
// Makes the runs belong to no shell any more. All guardians are asked at once, and their answers are awaited
// for `patience` in all. A guardian that is frozen carries the request out when it thaws. Errors are not
// reported: a run that still belongs to its shell shows up as an orphan.
void leave_shell(const run::Store& store, const std::vector<run::Record>& records, sys::Millis patience);

}  // namespace sigmund::ops
