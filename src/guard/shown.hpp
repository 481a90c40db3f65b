// SPDX-License-Identifier: Apache-2.0
// What a record shows of the lives of its run. These functions are pure: the lives and a record go in, the
// record comes out.
#pragma once
#include "guard/lives.hpp"
#include "run/record.hpp"

namespace sigmund::guard {

struct Moment {
    Millis monotonic = 0;
    Millis realtime = 0;  // since 1970
    static Moment now();
};

// Fills in state, result, exit status, restarts, what ended the run or its last life, stages and workers.
void show_lives(const Lives& lives, const Moment& now, run::Record& record);

}  // namespace sigmund::guard
