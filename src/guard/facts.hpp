// SPDX-License-Identifier: Apache-2.0
// What the sources find out about a run, as values. A source tells its host (guard/source.hpp), which passes
// each fact to the room that handles it. No source touches the record itself.
#pragma once
#include <string>
#include <variant>

namespace sigmund::guard {

// Whether the run is ready for what it was started for.
struct Readiness {
    bool ready = false;
};
// Why the run is not ready. Once it is ready: whose answer was accepted.
struct ReadyDetail {
    std::string text;
};
// The word is "starting", "healthy" or "unhealthy".
struct HealthState {
    std::string word;
};
// What the command reports about itself; empty when it reports nothing.
struct StatusText {
    std::string text;
};
// What has changed on disk (--watch), in the lines of SIGMUND_CHANGES, for the clients that follow events.
struct DiskChanges {
    std::string lines;
};

using Fact = std::variant<Readiness, ReadyDetail, HealthState, StatusText, DiskChanges>;

}  // namespace sigmund::guard
