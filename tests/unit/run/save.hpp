// SPDX-License-Identifier: Apache-2.0
// Writes a record under the lock of its id, which is released afterwards.
#pragma once
#include "run/store.hpp"

namespace sigmund::test {

inline int save(const run::Store& store, const run::Record& record, sys::Durable durable = sys::Durable::no,
                std::size_t limit = run::record_limit) {
    return store.save(record, store.try_lock_id(record.id, true), durable, limit);
}

}  // namespace sigmund::test
