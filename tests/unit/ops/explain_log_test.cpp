// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ops/explain.hpp"

using namespace sigmund;

namespace {

struct Found {
    std::string codes;
    int port = -1;
};
Found look(const std::vector<std::string>& lines) {
    Found found;
    for (const ops::Cause& cause : ops::causes_in_log(lines, found.port))
        found.codes += (found.codes.empty() ? "" : " ") + cause.code;
    return found;
}

}  // namespace

TEST_CASE("the words of a log tell causes, in any case") {
    struct Case {
        const char* line;
        const char* codes;
    };
    const Case cases[] = {
        {"all is well", ""},
        {"bind: Address already in use", "address-in-use"},
        {"Error: listen EADDRINUSE: address already in use :::3000", "address-in-use"},
        {"write: No space left on device", "disk-full"},
        {"open: PERMISSION DENIED", "permission"},
        {"accept: Too many open files", "descriptors"},
        {"MemoryError", "memory"},
        {"terminate called after throwing an instance of 'std::bad_alloc'", "memory"},
        {"connect: Connection refused", "connection"},
        {"open: No such file or directory", "missing-file"},
        {"sh: 1: frob: command not found", "missing-command"},
        {"permission denied: no such file or directory", "permission missing-file"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        CHECK(look({c.line}).codes == c.codes);
    }
}

TEST_CASE("the port of an address in use is the last number after a colon or the word port") {
    struct Case {
        const char* line;
        int port;
    };
    const Case cases[] = {
        {"bind: Address already in use", 0},
        {"address already in use :::3000", 3000},
        {"12:30:59 could not listen on port 8080: address already in use", 8080},
        {"127.0.0.1:5432: address already in use", 5432},
        {"error: 98: address already in use 0.0.0.0:70000", 98},
        {"address already in use, port: 0", 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        CHECK(look({c.line}).port == c.port);
    }
    CHECK(look({"listening on :80", "connection refused"}).port == 0);
}

TEST_CASE("each cause counts once, the newest line first, and only the last thirty lines are looked at") {
    CHECK(look({"permission denied", "connection refused", "permission denied"}).codes ==
          "permission connection");
    std::vector<std::string> lines(31, "all is well");
    lines.front() = "permission denied";
    CHECK(look(lines).codes.empty());
    lines[1] = "permission denied";
    CHECK(look(lines).codes == "permission");
    int port = 0;
    const auto causes = ops::causes_in_log({"permission denied " + std::string(1000, 'x')}, port);
    REQUIRE(causes.size() == 1);
    CHECK(causes[0].evidence[0].size() < 300);
}
