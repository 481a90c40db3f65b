// SPDX-License-Identifier: Apache-2.0
#include "sys/poll.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>

#include <doctest/doctest.h>
#include "sys/fd.hpp"

using namespace sigmund;

TEST_CASE("More descriptors than the limit of open files allows are waited for") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const sys::Fd read_end(ends[0]);
    sys::Fd write_end(ends[1]);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    std::array<pollfd, 3> set{{{read_end.get(), POLLIN, 0}, {-1, POLLIN, 0}, {write_end.get(), POLLOUT, 0}}};
    const int writable = sys::poll_any(set, 0);
    const short wrote = set[2].revents, nothing_to_read = set[0].revents;
    const int silent = sys::poll_any({set.data(), 2}, 1);
    write_end.reset();
    const int ended = sys::poll_any({set.data(), 2}, -1);
    const short end_seen = set[0].revents;
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(writable == 1);
    CHECK(wrote == POLLOUT);
    CHECK(nothing_to_read == 0);
    CHECK(silent == 0);
    CHECK(ended == 1);
    CHECK(end_seen != 0);
}
