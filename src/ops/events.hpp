// SPDX-License-Identifier: Apache-2.0
// Following the state changes of runs: each guardian tells its own; the store's folder tells of new runs
// (inotify; where its limit is reached the store is looked at a few times a second); a guardian that is
// killed is told by its socket's end.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

struct RunEvent {
    sys::Millis at_ms = 0;
    std::string id, name;
    std::string state;
    run::Result result;
    pid_t pid = 0;
    int restarts = 0;
    std::string changes;        // a line KIND<TAB>PATH each, escaped as SIGMUND_CHANGES; empty: none
    std::string ready, health;  // "ready", "healthy"; empty: none
    run::Result exit;           // of the leader of the last life
};

// Called with lines for people, once, when inotify's limits are reached.
using Warn = std::function<void(const std::vector<std::string>& lines)>;

struct EventsRequest {
    std::vector<std::string> ids;      // only these; none: all
    std::optional<sys::Millis> since;  // begin with what the records tell from this time on (ms since 1970)
    bool follow = true;
    Warn warn;
};

// Calls `each` until it returns false, or, of named runs, until all of them are over. Without `since`, what
// lives is told of first.
void follow_events(const run::Store& store, const EventsRequest& request,
                   const std::function<bool(const RunEvent&)>& each);

// The store, once the first start has made it; nothing is written by waiting for it.
run::Store await_store(const Warn& warn);

}  // namespace sigmund::ops
