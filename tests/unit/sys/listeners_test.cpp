// SPDX-License-Identifier: Apache-2.0
#include "sys/listeners.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

using namespace sigmund::sys;

namespace {

Endpoint at(const char* address, int port) {
    return {*parse_address(address), port};
}

// Returns a listener in the table of its address's family.
TcpListener listener(const char* address, int port, std::uint64_t inode = 1) {
    TcpListener out;
    out.address = *parse_address(address);
    out.port = port;
    out.inode = inode;
    return out;
}

}  // namespace

TEST_CASE("listeners are the rows of /proc/net/tcp and tcp6 whose state is LISTEN") {
    const auto v4 = parse_tcp_listeners(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:18F6 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41522 1 "
        "0000000000000000 100 0 0 10 0\n"
        "   1: 0100007F:18F6 0100007F:9C40 06 00000000:00000000 03:00000B1C 00000000     0        0 0 3 "
        "0000000000000000\n"
        "   2: broken\n"
        "   3: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7",
        false);
    REQUIRE(v4.size() == 2);
    CHECK(v4[0].address.text() == "127.0.0.1");
    CHECK(v4[0].port == 6390);
    CHECK(v4[0].uid == 1000);
    CHECK(v4[0].inode == 41522);
    CHECK(v4[1].address.is_wildcard());
    const auto v6 = parse_tcp_listeners(
        "headline\n"
        "   0: 00000000000000000000000001000000:18F6 00000000000000000000000000000000:0000 0A "
        "00000000:00000000 00:00000000 00000000  1000        0 41523 1\n"
        "   1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A "
        "00000000:00000000 00:00000000 00000000     0        0 41601 1\n",
        true);
    REQUIRE(v6.size() == 2);
    CHECK(v6[0].address.text() == "::1");
    CHECK(v6[1].address.unmapped() == *parse_address("127.0.0.1"));
    CHECK(parse_tcp_listeners("", false).empty());
}

TEST_CASE("listening unix sockets are found by the name to which they are bound") {
    const auto all = parse_unix_sockets(
        "Num       RefCount Protocol Flags    Type St Inode Path\n"
        "0000000000000000: 00000002 00000000 00010000 0001 01 20001 /run/db with blank.sock\n"
        "0000000000000000: 00000002 00000000 00000000 0002 01 20002 redis.sock\n"
        "0000000000000000: 00000003 00000000 00000000 0001 03 20003\n");
    REQUIRE(all.size() == 2);
    CHECK(all[0].path == "/run/db with blank.sock");
    CHECK(all[0].listening);
    CHECK(all[0].type == SOCK_STREAM);
    CHECK(all[1].inode == 20002);
    CHECK_FALSE(all[1].listening);
    CHECK(all[1].type == SOCK_DGRAM);
}

TEST_CASE("listeners overlap when one address may answer for the other") {
    struct Case {
        const char* listens;
        const char* wanted;
        Overlap overlap;
    };
    const Case cases[] = {
        {"127.0.0.1", "127.0.0.1", Overlap::yes},
        {"127.0.0.2", "127.0.0.1", Overlap::no},
        {"0.0.0.0", "127.0.0.1", Overlap::yes},
        {"127.0.0.2", "0.0.0.0", Overlap::yes},
        {"0.0.0.0", "::1", Overlap::no},
        {"::1", "::1", Overlap::yes},
        {"::", "::1", Overlap::yes},
        {"::", "127.0.0.1", Overlap::maybe},
        {"::1", "127.0.0.1", Overlap::no},
        {"::ffff:127.0.0.1", "127.0.0.1", Overlap::yes},
    };
    for (const Case& c : cases) {
        CAPTURE(c.listens);
        CAPTURE(c.wanted);
        CHECK(overlap(listener(c.listens, 80), at(c.wanted, 80)) == c.overlap);
        CHECK(overlap(listener(c.listens, 81), at(c.wanted, 80)) == Overlap::no);
    }
}

TEST_CASE("the most specific listener answers") {
    const std::vector<TcpListener> all = {listener("::", 80, 1), listener("0.0.0.0", 80, 2),
                                          listener("127.0.0.1", 80, 3), listener("127.0.0.1", 80, 4),
                                          listener("127.0.0.1", 81, 5)};
    const auto inodes = [&](const char* address, int port) {
        std::vector<std::uint64_t> out;
        for (const TcpListener& each : answering(all, at(address, port))) out.push_back(each.inode);
        return out;
    };
    CHECK(inodes("127.0.0.1", 80) == std::vector<std::uint64_t>{3, 4});
    CHECK(inodes("127.0.0.9", 80) == std::vector<std::uint64_t>{2});
    CHECK(inodes("::1", 80) == std::vector<std::uint64_t>{1});
    CHECK(inodes("::1", 81).empty());
    CHECK(answering({all[0]}, at("127.0.0.1", 80)).size() == 1);
}

TEST_CASE("local, mapped and invalid addresses are recognised") {
    CHECK(is_local(*parse_address("127.8.9.1")));
    CHECK(is_local(*parse_address("::1")));
    CHECK(is_local(*parse_address("0.0.0.0")));
    CHECK_FALSE(is_local(*parse_address("192.0.2.1")));
    CHECK(*parse_address("::ffff:10.0.0.1") == *parse_address("10.0.0.1"));
    CHECK_FALSE(parse_address("localhost"));
    sockaddr_storage raw;
    to_sockaddr(at("::1", 443), raw);
    CHECK(*endpoint_of(raw) == at("::1", 443));
}
