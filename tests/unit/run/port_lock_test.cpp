// SPDX-License-Identifier: Apache-2.0
#include "run/port_lock.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "run/failure.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

struct Place {
    test::Scratch scratch;
    Store store = Store::create(scratch.at("store"));
    std::string file = scratch.at("store/ports");
    bool there() const { return ::access(file.c_str(), F_OK) == 0; }
};

}  // namespace

TEST_CASE("a port that one run has reserved is not given to another, until it is freed") {
    const Place place;
    PortLock one = PortLock::open(place.store), two = PortLock::open(place.store);
    REQUIRE(one.try_take({24'000, 3}));
    CHECK_FALSE(two.try_take({24'000, 1}));
    CHECK_FALSE(two.try_take({24'002, 5}));
    CHECK_FALSE(two.try_take({23'999, 2}));
    CHECK(two.ports().count == 0);
    CHECK(two.try_take({24'003, 1}));
    one.release(place.store);
    CHECK_FALSE(one);
    PortLock three = PortLock::open(place.store);
    CHECK(three.try_take({24'000, 3}));
    CHECK_FALSE(three.try_take({24'003, 1}));
}

TEST_CASE("the file is removed by the last one that frees its ports, or by a sweep after a death") {
    const Place place;
    {
        PortLock one = PortLock::open(place.store), two = PortLock::open(place.store);
        REQUIRE(one.try_take({24'000, 1}));
        REQUIRE(two.try_take({24'001, 1}));
        PortLock::sweep(place.store);
        CHECK(place.there());
        one.release(place.store);
        CHECK(place.there());
        two.release(place.store);
        CHECK_FALSE(place.there());
        PortLock dead = PortLock::open(place.store);
        REQUIRE(dead.try_take({24'000, 1}));
    }
    CHECK(place.there());
    PortLock again = PortLock::open(place.store);
    CHECK(again.try_take({24'000, 1}));
    again = {};
    PortLock::sweep(place.store);
    CHECK_FALSE(place.there());
    PortLock::sweep(place.store);
    PortLock::sweep(Store::absent());
}

TEST_CASE("ports are reserved again when the file was removed or replaced") {
    const Place place;
    PortLock one = PortLock::open(place.store);
    REQUIRE(one.try_take({24'000, 2}));
    REQUIRE(::unlink(place.file.c_str()) == 0);
    one.mend(place.store);
    CHECK(place.there());
    PortLock two = PortLock::open(place.store);
    CHECK_FALSE(two.try_take({24'001, 1}));
    PortLock none;
    none.mend(place.store);
    none.release(place.store);
    CHECK_FALSE(none);
}

TEST_CASE("something else in the place of the file is refused, and is not touched") {
    const Place place;
    const auto refused = [&] {
        CHECK_THROWS_AS(PortLock::open(place.store), Failure);
        PortLock::sweep(place.store);
        struct stat st {};
        CHECK(::lstat(place.file.c_str(), &st) == 0);
        ::remove(place.file.c_str());
    };
    place.scratch.write("elsewhere", "text");
    REQUIRE(::symlink(place.scratch.at("elsewhere").c_str(), place.file.c_str()) == 0);
    refused();
    REQUIRE(::mkfifo(place.file.c_str(), 0600) == 0);
    refused();
    REQUIRE(::mkdir(place.file.c_str(), 0700) == 0);
    refused();
    PortLock after = PortLock::open(place.store);
    CHECK(after.try_take({65'535, 1}));
}
