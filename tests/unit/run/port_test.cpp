// SPDX-License-Identifier: Apache-2.0
#include "run/port.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "run/record.hpp"

using namespace sigmund::run;

TEST_CASE("a port is a number, auto, or auto with a base, and is written as it was read") {
    struct Case {
        const char* text;
        Port port;
    };
    const Case cases[] = {{"1", {.number = 1}},
                          {"65535", {.number = 65535}},
                          {"auto", {.automatic = true}},
                          {"auto:3000", {.automatic = true, .base = 3000}}};
    for (const Case& c : cases) {
        std::string problem;
        const auto port = parse_port(c.text, problem);
        REQUIRE_MESSAGE(port, c.text);
        CHECK(*port == c.port);
        CHECK(port->asked());
        CHECK(port_text(*port) == c.text);
    }
    CHECK(port_text({}).empty());
    CHECK_FALSE(Port{}.asked());
    for (const char* text : {"",          "0",     "65536",    "-1",         "+1",      " 1",
                             "1 ",        "1x",    "0x50",     "080",        "00",      "99999999999",
                             "Auto",      "auto:", "auto:0",   "auto:65536", "auto:-1", "auto:08",
                             "auto:auto", "autos", "3000:auto"}) {
        std::string problem;
        CHECK_MESSAGE(!parse_port(text, problem), text);
        CHECK(!problem.empty());
    }
}

TEST_CASE("automatic ports begin at a place of the project and the name, and each is tried once") {
    const auto ports = automatic_ports("/home/me/shop", "web", 1, 0);
    CHECK(ports == automatic_ports("/home/me/shop", "web", 1, 0));
    CHECK(ports.size() == 10'000);
    CHECK(std::set<int>(ports.begin(), ports.end()).size() == ports.size());
    CHECK(*std::min_element(ports.begin(), ports.end()) == 20'000);
    CHECK(*std::max_element(ports.begin(), ports.end()) == 29'999);
    for (std::size_t i = 1; i < ports.size(); ++i)
        CHECK((ports[i] == ports[i - 1] + 1 || (ports[i] == 20'000 && ports[i - 1] == 29'999)));
    // The pairs differ, although their texts are the same when joined.
    const int first = ports[0];
    CHECK(first != automatic_ports("/home/me/shop", "db", 1, 0)[0]);
    CHECK(first != automatic_ports("/home/me/shop2", "web", 1, 0)[0]);
    CHECK(automatic_ports("/ab", "c", 1, 0)[0] != automatic_ports("/a", "bc", 1, 0)[0]);
    // A later version gives the same project the same port.
    CHECK(first == 28'763);
}

TEST_CASE("the base comes first, and the ports of a pool follow each other within the range") {
    const auto with_base = automatic_ports("/p", "web", 1, 3000);
    CHECK(with_base[0] == 3000);
    CHECK(with_base[1] == automatic_ports("/p", "web", 1, 0)[0]);
    const auto within = automatic_ports("/p", "web", 1, 20'005);
    CHECK(within[0] == 20'005);
    CHECK(std::count(within.begin(), within.end(), 20'005) == 1);
    const auto pool = automatic_ports("/p", "web", 1000, 0);
    CHECK(pool.size() == 9001);
    CHECK(*std::max_element(pool.begin(), pool.end()) == 29'000);
    CHECK(automatic_ports("/p", "web", 10'001, 0).empty());
}

TEST_CASE("ranges of ports overlap where they share a port") {
    const PortRange range{100, 3};
    CHECK(range.last() == 102);
    CHECK(range.contains(100));
    CHECK(range.contains(102));
    CHECK_FALSE(range.contains(103));
    CHECK(range.overlaps({102, 1}));
    CHECK(range.overlaps({98, 3}));
    CHECK_FALSE(range.overlaps({103, 5}));
    CHECK_FALSE(range.overlaps({98, 2}));
    CHECK_FALSE(PortRange{}.contains(0));
    CHECK_FALSE(PortRange{}.overlaps({0, 9}));
}

TEST_CASE("a run has one port, a pool one for each worker") {
    Record record;
    CHECK(ports_of(record).count == 0);
    record.port = 24'000;
    CHECK(ports_of(record) == PortRange{24'000, 1});
    record.workers_wanted = 4;
    CHECK(ports_of(record) == PortRange{24'000, 4});
}
