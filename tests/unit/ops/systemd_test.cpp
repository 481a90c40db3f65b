// SPDX-License-Identifier: Apache-2.0
#include "ops/systemd.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace sigmund;
using ops::LogoutEnds;

namespace {

// A root folder with its own files.
class Root {
  public:
    Root() {
        char name[] = "/tmp/sigmund-login-XXXXXX";
        REQUIRE(::mkdtemp(name));
        path = name;
    }
    Root(const Root&) = delete;
    Root& operator=(const Root&) = delete;
    ~Root() { std::filesystem::remove_all(path); }
    void write(const std::string& file, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(path + file).parent_path());
        std::ofstream(path + file) << text;
    }
    std::string path;
};

}  // namespace

TEST_CASE("the cgroup tells what logging out ends") {
    const std::string session = "9:name=systemd:/\n0::/user.slice/user-1000.slice/session-3.scope\n";
    const std::string desktop = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/terminal.scope\n";
    const std::string hybrid =
        "1:name=systemd:/user.slice/user-7.slice/session-c2.scope\n0::/user.slice/user-7.slice/"
        "session-c2.scope\n";
    CHECK(ops::logout_ends(session, true, false) == LogoutEnds::session);
    CHECK(ops::logout_ends(session, true, true) == LogoutEnds::session);
    CHECK(ops::logout_ends(session, false, false) == LogoutEnds::nothing);
    CHECK(ops::logout_ends(hybrid, true, false) == LogoutEnds::session);
    CHECK(ops::logout_ends(desktop, false, false) == LogoutEnds::manager);
    CHECK(ops::logout_ends(desktop, true, true) == LogoutEnds::nothing);
    CHECK(ops::logout_ends("0::/system.slice/runner.service\n", true, false) == LogoutEnds::nothing);
    CHECK(ops::logout_ends("4:memory:/user.slice/session-1.scope\n", true, false) == LogoutEnds::nothing);
    CHECK(ops::logout_ends("", true, false) == LogoutEnds::nothing);
}

TEST_CASE("the cgroup tells the service that a process is part of") {
    CHECK(ops::service_of("0::/system.slice/jenkins.service\n") == "jenkins.service");
    CHECK(ops::service_of("0::/system.slice/runner.service/sub/leaf\n") == "runner.service");
    CHECK(ops::service_of("3:cpu:/system.slice/x.service\n0::/user.slice/user-1.slice/session-3.scope\n")
              .empty());
    CHECK(ops::service_of("0::/user.slice/user-7.slice/user@7.service/app.slice/a.scope\n").empty());
    CHECK(ops::service_of("1:name=systemd:/user.slice/user@7.service/app.slice/code.service\n") ==
          "code.service");
    CHECK(ops::service_of("0::/\n").empty());
    CHECK(ops::service_of("0::\n").empty());
    CHECK(ops::service_of("").empty());
}

TEST_CASE("in logind's settings the last word wins, drop-ins are sorted by name, and root is spared") {
    const Root root;
    const bool user = ::geteuid() != 0;
    CHECK(!ops::logind_kills(root.path));
    root.write("/etc/systemd/logind.conf",
               "[Login]\n#KillUserProcesses=no\n KillUserProcesses = yes\nKillOnly=no\n");
    CHECK(ops::logind_kills(root.path) == user);
    root.write("/usr/lib/systemd/logind.conf.d/50-b.conf", "KillUserProcesses=no\n");
    CHECK(!ops::logind_kills(root.path));
    root.write("/etc/systemd/logind.conf.d/10-a.conf", "KillUserProcesses=yes\n");
    CHECK(!ops::logind_kills(root.path));
    root.write("/etc/systemd/logind.conf.d/50-b.conf", "KillUserProcesses=1\r\n");
    CHECK(ops::logind_kills(root.path) == user);
}

TEST_CASE("a user lingers when the file of that name exists") {
    const Root root;
    root.write("/etc/passwd", "broken\nother:x:4294967:1::/:/bin/sh\nme:x:" + std::to_string(::geteuid()) +
                                  ":1::/:/bin/sh\n");
    CHECK(!ops::user_lingers(root.path));
    root.write("/var/lib/systemd/linger/other", "");
    CHECK(!ops::user_lingers(root.path));
    root.write("/var/lib/systemd/linger/me", "");
    CHECK(ops::user_lingers(root.path));
}
