// SPDX-License-Identifier: Apache-2.0
#include "run/sent_signal.hpp"

#include <doctest/doctest.h>

#include "run/record.hpp"

using namespace sigmund;

namespace {

// Returns the process that asked for a signal with this number and reason.
pid_t asked_for(int signal, const char* by) {
    run::Record r;
    r.calls = {{1, "stop", 1, 11, ""},          {2, "signal SIGHUP", 2, 12, ""},
               {3, "signal SIGHUP", 3, 13, ""}, {4, "signal SIGTERM to the guardian", 4, 14, ""},
               {5, "restart", 5, 15, ""},       {6, "kill", 6, 16, ""},
               {7, "pause", 7, 17, ""}};
    const run::SentSignal sent = run::send_now(r, signal, by);
    CHECK(sent.sent());
    CHECK(sent.signal == signal);
    CHECK(sent.by == by);
    CHECK(sent.at_ms > 0);
    CHECK(sent.uid == (sent.pid == 0 ? 0U : static_cast<uid_t>(sent.pid) + 10));
    return sent.pid;
}

}  // namespace

TEST_CASE("the process that asked for a signal is the last one that asked for what it is part of") {
    CHECK(asked_for(SIGTERM, "stop") == 1);
    CHECK(asked_for(SIGKILL, "stop") == 1);
    CHECK(asked_for(SIGTERM, "replace") == 1);
    CHECK(asked_for(SIGTERM, "shell-exit") == 1);
    CHECK(asked_for(SIGHUP, "signal") == 3);
    CHECK(asked_for(SIGTERM, "guardian-signal") == 4);
    CHECK(asked_for(SIGTERM, "restart") == 5);
    CHECK(asked_for(SIGKILL, "kill") == 6);
    CHECK(asked_for(SIGSTOP, "pause") == 7);
}

TEST_CASE("nobody asked for a signal that an option causes, or that no call names") {
    CHECK(asked_for(SIGTERM, "timeout") == 0);
    CHECK(asked_for(SIGTERM, "itself") == 0);
    CHECK(asked_for(SIGUSR1, "signal") == 0);
    CHECK(asked_for(SIGCONT, "resume") == 0);
    CHECK(asked_for(SIGHUP, "watch") == 0);
}
