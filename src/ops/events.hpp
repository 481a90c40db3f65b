// SPDX-License-Identifier: Apache-2.0
// Follows the state changes of runs. Each guardian sends the events of its own run; inotify on the store's
// folder reports new runs (where its limit is reached, the store is checked a few times a second); the end of
// its socket shows that a guardian was killed.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

struct RunEvent {
    sys::Millis at_ms = 0;
    std::string id, name;
    std::string state;
    run::Result result;
    pid_t pid = 0;
    int restarts = 0;
    // One line KIND<TAB>PATH for each change, escaped as in SIGMUND_CHANGES; empty: none.
    std::string changes;
    std::string ready, health;  // "ready", "healthy"; empty: none
    run::Result exit;           // how the leader of the last life ended
};

// Called once with lines for people when inotify's limits are reached.
using Warn = std::function<void(const std::vector<std::string>& lines)>;

struct EventsRequest {
    std::vector<run::Judged> runs;     // only these runs; empty: all
    std::optional<sys::Millis> since;  // begin with the recorded events from this time on (ms since 1970)
    bool follow = true;
    Warn warn;
};

// Calls `each` with each event until it returns false or, when runs were named, until all of them are over.
// Without `since`, the present state of each live run comes first.
void follow_events(const run::View& view, const EventsRequest& request,
                   const std::function<bool(const RunEvent&)>& each);

// Waits until the first start has created the store, and returns it. Waiting writes nothing.
run::Store await_store(const Warn& warn);

}  // namespace sigmund::ops
