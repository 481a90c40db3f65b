// SPDX-License-Identifier: Apache-2.0
#include "run/probe.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using sigmund::run::parse_probe;
using sigmund::run::Probe;

namespace {

Probe parsed(std::string_view text) {
    std::string problem;
    const auto probe = parse_probe(text, "/here", problem);
    CAPTURE(text);
    CAPTURE(problem);
    REQUIRE(probe.has_value());
    CHECK(probe->text == text);
    return *probe;
}

std::string refused(std::string_view text) {
    std::string problem;
    CAPTURE(text);
    REQUIRE_FALSE(parse_probe(text, "/here", problem).has_value());
    CHECK_FALSE(problem.empty());
    return problem;
}

}  // namespace

TEST_CASE("tcp: takes a port, or a numeric host and a port") {
    CHECK(parsed("tcp:6379").host == "localhost");
    CHECK(parsed("tcp:6379").port == 6379);
    CHECK(parsed("tcp:127.0.0.1:65535").host == "127.0.0.1");
    CHECK(parsed("tcp:localhost:1").host == "localhost");
    CHECK(parsed("tcp:[::1]:80").host == "::1");
    CHECK(parsed("tcp:[::1]:80").port == 80);
    for (const char* bad :
         {"tcp:0", "tcp:65536", "tcp:-1", "tcp:+1", "tcp: 1", "tcp:1 ", "tcp:80x", "tcp:host:80",
          "tcp:1.2.3:80", "tcp:1.2.3.4:", "tcp:[::1]", "tcp:99999999999999999999", "tcp:[]x:1"})
        refused(bad);
}

TEST_CASE("http: takes a URL with a numeric host, and with a port and a path") {
    const Probe plain = parsed("http://localhost");
    CHECK(plain.kind == Probe::Kind::http);
    CHECK(plain.port == 80);
    CHECK(plain.path == "/");
    CHECK(parsed("http://127.0.0.1:8080/health?deep=1").path == "/health?deep=1");
    CHECK(parsed("http://127.0.0.1:8080?x").path == "/?x");
    CHECK(parsed("http://[::1]/").host == "::1");
    CHECK(parsed("http://[::1]:81/x").port == 81);
    CHECK(parsed("http:localhost:81/a:b").port == 81);
    CHECK(parsed("http:http://localhost:81/a").port == 81);
    CHECK(parsed("http:http://localhost:81/a").path == "/a");
    CHECK(parsed("http:localhost:81/a:b").path == "/a:b");
    // None of these may bring a second line into the request.
    for (const char* bad : {"http://localhost/a b", "http://localhost/\r\nX: y", "http://localhost/a\tb",
                            "http://example.org/", "http://localhost:0/", "http://user@localhost/"})
        refused(bad);
    CHECK(refused("https://localhost/").find("curl") != std::string::npos);
}

TEST_CASE("paths begin in the run's folder, and commands and expressions stay as they are") {
    CHECK(parsed("unix:run/db.sock").path == "/here/run/db.sock");
    CHECK(parsed("unix:/run/db.sock").path == "/run/db.sock");
    CHECK(parsed("file:ready").path == "/here/ready");
    CHECK(parsed("cmd:curl -f http://x:1/").path == "curl -f http://x:1/");
    CHECK(parsed("log:^ready: (yes|ja)$").path == "^ready: (yes|ja)$");
    CHECK(parsed("notify").kind == Probe::Kind::notify);
}

TEST_CASE("a text that is not a probe is refused with the reason") {
    for (const char* bad : {"", ":", "tcp", "tcp:", "unix:", "file:", "cmd:", "log:", "http:", "notify:x",
                            "NOTIFY", "ftp:x", "6379", "log:(", "log:[a", "log:a{2,1}"})
        refused(bad);
}
