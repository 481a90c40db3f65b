// SPDX-License-Identifier: Apache-2.0
// What the processes of a member have used. Only processes that the guardian has reaped are counted, each once; its
// own aides are not.
#pragma once
#include "run/used.hpp"
#include "sys/children.hpp"

namespace sigmund::guard {

struct Account {
    sys::Consumption life;     // the present life, or the last one
    sys::Consumption earlier;  // the lives before it
    sys::Millis lasted = 0;    // how long the last life took, once it has ended

    sys::Consumption all() const {
        sys::Consumption out = earlier;
        return out += life;
    }
    void begin_life() {
        earlier = all();
        life = {};
    }
};

// Returns the account as a record has it.
inline run::Used used_of(const sys::Consumption& used) {
    return {used.user_us / 1000, used.system_us / 1000, used.peak_bytes};
}

}  // namespace sigmund::guard
