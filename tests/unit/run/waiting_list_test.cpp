// SPDX-License-Identifier: Apache-2.0
#include "run/waiting_list.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "sys/procfs.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using run::WaitingList;

namespace {

std::string self() {
    return std::to_string(::getpid()) + '.' + std::to_string(sys::Procfs().stat(::getpid())->start_ticks);
}

// The store has the folder of the gates.
run::Store store_in(const test::Scratch& scratch) {
    run::Store store = run::Store::create(scratch.at("store"));
    std::filesystem::create_directory(scratch.at("store/stacks"));
    return store;
}

std::size_t files_in(const std::string& folder) {
    std::size_t out = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder)) ++out;
    return out;
}

}  // namespace

TEST_CASE("a stop strikes out what waits, by its name in the project, or by tag and shell everywhere") {
    const test::Scratch scratch;
    const run::Store store = store_in(scratch);
    WaitingList list;
    list.make(store, "/p", self(),
              {{{"web", "tag=x", "shell=1.2"}, true}, {{"db"}, false}, {{"api", "tag=x"}, true}});
    list.require();
    CHECK(WaitingList::strike(store, "/p", {"db", "nobody", "we", "x"}).empty());
    CHECK(WaitingList::strike(store, "/q", {"web"}).empty());
    const auto struck = WaitingList::strike(store, "/p", {"web"});
    REQUIRE(struck.size() == 1);
    CHECK(struck[0].name == "web");
    CHECK(struck[0].pid == ::getpid());
    CHECK(list.is_struck(0));
    CHECK_FALSE(list.is_struck(2));
    list.set_waits(0, false);
    CHECK(list.is_struck(0));
    const auto tagged = WaitingList::strike(store, "/q", {"tag=x"});
    REQUIRE(tagged.size() == 1);
    CHECK(tagged[0].name == "api");
    list.set_waits(1, true);
    CHECK(WaitingList::strike(store, "/p", {"db"}).size() == 1);
    CHECK(list.is_struck(1));
}

TEST_CASE("a list is gone with its owner, and one that a killed process has left is removed") {
    const test::Scratch scratch;
    const run::Store store = store_in(scratch);
    const std::string folder = scratch.at("store/stacks");
    {
        WaitingList list;
        list.make(store, "/p", self(), {{{"web"}, true}});
        CHECK(files_in(folder) == 1);
    }
    CHECK(files_in(folder) == 0);
    std::string left = folder + "/0123456789abcdef.1.1";
    { const sys::Fd fd(::open(left.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }
    CHECK(WaitingList::strike(store, "/p", {"web"}).empty());
    CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE("a list that cannot be made is told before something starts") {
    const test::Scratch scratch;
    const run::Store store = run::Store::create(scratch.at("store"));  // it has no folder for the list
    WaitingList list;
    list.make(store, "/p", self(), {{{"web"}, true}});
    CHECK_THROWS(list.require());
    CHECK_FALSE(list.is_struck(0));
    list.set_waits(0, false);
}
