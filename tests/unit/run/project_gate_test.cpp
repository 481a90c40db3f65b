// SPDX-License-Identifier: Apache-2.0
#include "run/project_gate.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "run/failure.hpp"
#include "sys/lock.hpp"
#include "sys/procfs.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using run::ProjectGate;

TEST_CASE("a gate is closed to those that began before, and open to those that begin later") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    ProjectGate first(store, "/p");
    first.begin_work();
    const ProjectGate elsewhere(store, "/q");
    CHECK_FALSE(first.closed());
    ProjectGate(store, "/p").close();
    CHECK(first.closed());
    CHECK_FALSE(elsewhere.closed());
    ProjectGate second(store, "/p");
    second.begin_work();
    CHECK_FALSE(second.closed());
    CHECK(ProjectGate::close_if_used(store, "/p"));
    CHECK(second.closed());
    // Where there was no up, nothing is made.
    CHECK_FALSE(ProjectGate::close_if_used(store, "/r"));
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(scratch.at("store/stacks")))
        ++files;
    CHECK(files == 1);
}

TEST_CASE(
    "a gate whose file is gone is closed to those that are at work, which a full disk makes of a close") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    ProjectGate gate(store, "/p");
    gate.begin_work();
    std::filesystem::remove_all(scratch.at("store/stacks"));
    std::filesystem::create_directory(scratch.at("store/stacks"));
    CHECK(gate.closed());
    CHECK(gate.lock());  // makes a new file
    CHECK(gate.closed());
    ProjectGate next(store, "/p");
    next.begin_work();
    CHECK_FALSE(next.closed());
}

TEST_CASE("the lock of a gate is waited for until the descriptor of an interrupt is readable") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    const ProjectGate gate(store, "/p");
    const sys::Fd held = gate.lock();
    REQUIRE(held);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const sys::Fd reading(ends[0]);
    sys::Fd writing(ends[1]);
    writing.reset();  // its end is readable
    CHECK_FALSE(gate.lock(reading.get()));
}

TEST_CASE("a process is at work only while it says so, and only under its own start time") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    const std::string pid = std::to_string(::getpid());
    const std::string self = pid + '.' + std::to_string(sys::Procfs().stat(::getpid())->start_ticks);
    const ProjectGate observer(store, "/p");
    CHECK_FALSE(observer.is_at_work(self));
    {
        ProjectGate gate(store, "/p");
        gate.begin_work();
        CHECK(observer.is_at_work(self));
        CHECK_FALSE(observer.is_at_work(pid + ".1"));
        CHECK_FALSE(observer.is_at_work("nonsense"));
        CHECK_FALSE(observer.is_at_work(""));
    }
    CHECK_FALSE(observer.is_at_work(self));
}

TEST_CASE("who begins while a gate is being closed waits for the end of that, or for an interrupt") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    const sys::Fd readable(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    { ProjectGate(store, "/p").lock(); }
    auto closing = ProjectGate::close_if_used(store, "/p");
    REQUIRE(closing);
    bool waited = false;
    ProjectGate interrupted(store, "/p");
    interrupted.begin_work(readable.get(), [&] { waited = true; });
    CHECK(waited);
    ProjectGate next(store, "/p");
    next.begin_work(-1, [&] { closing.reset(); });
    CHECK_FALSE(closing);
    CHECK_FALSE(next.closed());
}

TEST_CASE("all gates at which an up is at work are closed together, and the others are left alone") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));
    ProjectGate first(store, "/p"), second(store, "/q"), idle(store, "/r");
    first.begin_work();
    second.begin_work();
    { idle.lock(); }
    CHECK(ProjectGate::close_all_used(store).size() == 2);
    CHECK(first.closed());
    CHECK(second.closed());
    CHECK_FALSE(idle.closed());
}
