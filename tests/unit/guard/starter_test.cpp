// SPDX-License-Identifier: Apache-2.0
// The starter of lives: lives start, end and start again.
#include <fstream>
#include <iterator>

#include "rooms.hpp"

using namespace sigmund;
using namespace sigmund::guard;
using test::Rooms;

namespace {

Policy restarting() {
    Policy policy;
    policy.restart.when = run::RestartWhen::always;
    policy.restart.backoff_min = policy.restart.backoff_max = 1;
    return policy;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a start is recorded before the command runs, and then it runs") {
    test::Scratch other;
    Rooms rooms({.script = "exit 3", .pid_file = other.at("pid")});
    const auto failure = rooms.starter.start_first();
    REQUIRE(failure.error.error == 0);
    const pid_t pid = rooms.lives.members()[0].life.leaders[0].pid;
    CHECK(rooms.written().pid == pid);
    CHECK(rooms.written().identity.start_ticks != 0);
    CHECK(content_of(other.at("pid")) == std::to_string(pid) + '\n');
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    CHECK(rooms.written().result == run::Result::of(sys::ExitStatus::exited(3)));
    rooms.starter.remove_pid_file();
    CHECK(::access(other.at("pid").c_str(), F_OK) != 0);
}

TEST_CASE("a command that cannot be executed is reported with the error of its exec, and nothing is left") {
    Rooms rooms;
    auto command = std::make_unique<sys::SpawnPlan>(std::vector<std::string>{"/no/such/program"},
                                                    std::vector<std::string>{}, std::nullopt);
    StartPlan plan;
    plan.commands.push_back(std::move(command));
    Starter starter(std::move(plan), rooms.lives, rooms.keeper, rooms.aides);
    const auto failure = starter.start_first();
    CHECK(failure.error.stage == sys::SpawnStage::exec);
    CHECK(failure.error.error == ENOENT);
    CHECK(!failure.own);
}

TEST_CASE("the stages of a pipe are joined, and the one that fails is named") {
    Rooms rooms;
    StartPlan plan;
    plan.commands.push_back(test::shell_command("echo through"));
    plan.commands.push_back(std::make_unique<sys::SpawnPlan>(std::vector<std::string>{"/no/such/program"},
                                                             std::vector<std::string>{}, std::nullopt));
    Starter starter(std::move(plan), rooms.lives, rooms.keeper, rooms.aides);
    const auto failure = starter.start_first();
    CHECK(failure.error.error == ENOENT);
    CHECK(failure.part == 1);
}

TEST_CASE("a restart is another life with its own leader, and the end of the previous one is recorded") {
    Rooms rooms({.script = "exit 3", .policy = restarting()});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    const pid_t first = rooms.keeper.record().pid;
    REQUIRE(rooms.until([&] { return rooms.lives.members()[0].state.restarts > 0; }));
    CHECK(rooms.keeper.record().pid != first);
    const run::Record& record = rooms.keeper.record();
    REQUIRE(!record.lives.empty());
    CHECK(record.lives[0].result == run::Result::of(sys::ExitStatus::exited(3)));
    CHECK(content_of(record.log).find("restarted after exit=3, pid ") != std::string::npos);
    rooms.lives.post({EventKind::kill});
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    CHECK(rooms.keeper.record().result == run::Result::killed);
}

TEST_CASE("a stop that was made while the guardian was frozen is obeyed before another start") {
    Rooms rooms({.script = "exit 3", .policy = restarting()});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    REQUIRE(rooms.store.leave_word(rooms.id(), run::EndedBy::stop) == 0);
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
    CHECK(rooms.keeper.record().restarts == 0);
    CHECK(rooms.keeper.record().result == run::Result::stopped);
}

TEST_CASE("a missing folder makes a restart fail, and is logged once") {
    Rooms rooms({.script = "exit 3", .policy = restarting()});
    REQUIRE(rooms.starter.start_first().error.error == 0);
    const std::string cwd = rooms.keeper.record().cwd;
    ::rename(cwd.c_str(), (cwd + ".away").c_str());
    CHECK(rooms.until([&] { return !rooms.starter.problem().empty(); }));
    CHECK(rooms.starter.problem().starts_with(cwd + ": "));
    CHECK(rooms.keeper.record().results.back() == run::Result::not_executed(ENOENT));
    ::rename((cwd + ".away").c_str(), cwd.c_str());
    CHECK(rooms.until([&] { return rooms.starter.problem().empty(); }));
    rooms.lives.post({EventKind::kill});
    CHECK(rooms.until([&] { return rooms.keeper.over(); }));
}
