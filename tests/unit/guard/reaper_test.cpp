// SPDX-License-Identifier: Apache-2.0
// The reaper: signals, ended processes, and the moment when nothing is left.
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

#include "rooms.hpp"

using namespace sigmund;
using namespace sigmund::guard;
using test::Rooms;

TEST_CASE("a leader that has ended stays a zombie while others of its life live") {
    Rooms rooms({.script = "sleep 1000 & exit 7"});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    const pid_t leader = rooms.lives.members()[0].life.leaders[0].pid;
    REQUIRE(rooms.until([&] { return rooms.lives.members()[0].state.phase == Phase::draining; }));
    CHECK(::kill(leader, 0) == 0);
    CHECK(!rooms.keeper.over());
    CHECK(rooms.lives.status().code == 7);
    rooms.lives.post({.kind = EventKind::stop, .cause = Cause::stop});
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    CHECK(::kill(leader, 0) != 0);
    CHECK(rooms.lives.ending().ledger.signalled.size() >= 1);
}

TEST_CASE("a process that ignores the stop signal is killed, and the ledger says so") {
    Policy policy;
    policy.grace = 50;
    Rooms rooms({.script = "trap '' TERM; while :; do sleep 1; done", .policy = policy});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    ::usleep(100'000);
    rooms.lives.post({.kind = EventKind::stop, .cause = Cause::stop, .grace = 50});
    REQUIRE(rooms.until([&] { return rooms.keeper.over(); }));
    const Ledger& ledger = rooms.lives.ending().ledger;
    const pid_t leader = rooms.keeper.record().pid;
    CHECK(std::find(ledger.killed.begin(), ledger.killed.end(), leader) != ledger.killed.end());
    CHECK(rooms.keeper.record().result == run::Result::stopped);
}

TEST_CASE("processes that have left the session are ended with the rest") {
    Rooms rooms({.script = "setsid sleep 1000 & setsid sleep 1000 & exit 0"});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    REQUIRE(rooms.until([&] { return rooms.lives.members()[0].state.phase == Phase::draining; }));
    rooms.lives.post({EventKind::kill});
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    CHECK(::waitpid(-1, nullptr, __WALL) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("the workers of a pool end one by one, and the run with the last of them") {
    Rooms rooms({.script = "exit $((WORKER_ID + 1))", .workers = 2});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    const run::Record record = rooms.written();
    REQUIRE(record.workers.size() == 2);
    CHECK(record.workers[0].status.code == 1);
    CHECK(record.workers[1].status.code == 2);
    CHECK(record.workers_alive == 0);
}

TEST_CASE("a signal reaches the leader alone or every process") {
    Rooms rooms({.script = "sleep 1000 & sleep 1000 & wait"});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    Member& member = rooms.lives.members()[0];
    CHECK(rooms.until([&] { return rooms.reaper.send(member, 0, run::Reach::every, "signal") == 3; }));
    CHECK(rooms.reaper.send(member, 0, run::Reach::leader, "signal") == 1);
    rooms.lives.post({EventKind::kill});
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
}

TEST_CASE(
    "what the processes of a run have used is counted when they are reaped, and the last signal is kept") {
    Rooms rooms(
        {.script = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; setsid sleep 1000 & exec sleep 1000"});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    REQUIRE(rooms.until([&] {
        return sys::Procfs().command_line(rooms.keeper.record().pid) ==
               std::vector<std::string>{"sleep", "1000"};
    }));
    CHECK(rooms.lives.used() == sys::Consumption{});
    rooms.lives.post({.kind = EventKind::stop, .cause = Cause::timeout});
    REQUIRE(rooms.until([&] { return rooms.keeper.over(); }));
    const run::Record record = rooms.written();
    CHECK(rooms.lives.used().user_us + rooms.lives.used().system_us > 0);
    CHECK(record.used.peak_memory_bytes > 0);
    CHECK(record.used.cpu_user_ms == rooms.lives.used().user_us / 1'000);
    CHECK(record.last_signal.signal == SIGTERM);
    CHECK(record.last_signal.by == "timeout");
    CHECK(record.last_signal.pid == 0);
}
