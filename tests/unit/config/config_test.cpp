// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include "run/failure.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using run::Kind;
using run::Option;
using run::Value;

namespace {

constexpr Option key(std::string_view name, bool repeatable = false, Kind kind = Kind::text) {
    return {name, 0, Value::required, "", "", repeatable, {kind}};
}
constexpr Option options[] = {key("name"),
                              key("tag", true),
                              key("env", true, Kind::assignment),
                              {"quiet", 0, Value::none, "", ""},
                              key("cwd", false, Kind::folder),
                              key("stop-timeout")};

struct User {
    explicit User(const test::Scratch& scratch, std::string_view text) {
        scratch.write("user.toml", text);
        ::setenv("SIGMUND_CONFIG", scratch.at("user.toml").c_str(), 1);
    }
    ~User() { ::unsetenv("SIGMUND_CONFIG"); }
};

std::string failure_of(const test::Scratch& scratch, std::string_view text, std::string_view project = {}) {
    const User user(scratch, text);
    if (!project.empty()) scratch.write("p/sigmund.toml", project);
    try {
        config::load(options, project.empty() ? "" : scratch.at("p/a"));
    } catch (const run::Failure& failure) {
        return std::string(failure.what()) + " | " + failure.hint;
    }
    return "";
}

}  // namespace

TEST_CASE("values become the words of a command line, with their lines") {
    const test::Scratch scratch;
    const User user(scratch, R"(
[defaults]
stop-timeout = "3s"
tag = ["a", "b"]
quiet = true
[defaults.env]
A = "1"
[shell]
on_exit = "stop"
[retention]
max_count = 50
[run.db]
command = ["redis-server", "--port", "6390"]
name = "db"
[run.web]
command = "npm run dev | tee log"
cwd = "site"
)");
    const config::Config read = config::load(options, "");
    REQUIRE(read.find(read.defaults, "stop-timeout"));
    CHECK(read.find(read.defaults, "stop-timeout")->values == std::vector<std::string>{"3s"});
    CHECK(read.find(read.defaults, "stop-timeout")->origin == scratch.at("user.toml") + ":3");
    CHECK(read.find(read.defaults, "tag")->values == std::vector<std::string>{"a", "b"});
    CHECK(read.find(read.defaults, "quiet")->values == std::vector<std::string>{""});
    CHECK(read.find(read.defaults, "env")->values == std::vector<std::string>{"A=1"});
    CHECK(read.find(read.shell, "on_exit")->values == std::vector<std::string>{"stop"});
    CHECK(read.find(read.retention, "max_count")->values == std::vector<std::string>{"50"});
    CHECK_FALSE(read.find(read.defaults, "name"));
    REQUIRE(read.find_template("db"));
    CHECK(read.find_template("db")->argv == std::vector<std::string>{"redis-server", "--port", "6390"});
    REQUIRE(read.find_template("web"));
    CHECK(read.find_template("web")->argv.at(0) == "/bin/sh");
    CHECK(read.find_template("web")->shown == "npm run dev | tee log");
    CHECK_FALSE(read.find_template("nothing"));
}

TEST_CASE("mistakes name the file, the line and the nearest key") {
    const test::Scratch scratch;
    CHECK(failure_of(scratch, "[defaults]\nstop-timout = \"3s\"\n").find("user.toml:2: ") !=
          std::string::npos);
    CHECK(failure_of(scratch, "[defaults]\nstop-timout = \"3s\"\n").find("stop-timeout") !=
          std::string::npos);
    CHECK(failure_of(scratch, "[default]\n").find("defaults") != std::string::npos);
    CHECK(failure_of(scratch, "[defaults\n").find("user.toml:1: ") != std::string::npos);
    CHECK_FALSE(failure_of(scratch, "[defaults]\nquiet = 3\n").empty());
    CHECK_FALSE(failure_of(scratch, "[run.x]\ncommand = []\n").empty());
    CHECK_FALSE(failure_of(scratch, "[run.x]\ncommand = [[\"a\"]]\n").empty());
    CHECK_FALSE(failure_of(scratch, "[run.x]\nname = \"x\"\n").empty());           // it has no command
    CHECK_FALSE(failure_of(scratch, "[run.\"a/b\"]\ncommand = \"x\"\n").empty());  // its name is not valid
    CHECK(failure_of(scratch, "").empty());
}

TEST_CASE("a project's file may contain only templates, and must not belong to another user") {
    const test::Scratch scratch;
    scratch.write("p/a/x", "");
    CHECK(failure_of(scratch, "", "[run.x]\ncommand = \"true\"\n").empty());
    CHECK(failure_of(scratch, "", "[defaults]\nname = \"x\"\n").find("templates only") != std::string::npos);
    REQUIRE(::chmod(scratch.at("p/sigmund.toml").c_str(), 0622) == 0);
    CHECK(failure_of(scratch, "", "[run.x]\ncommand = \"true\"\n").find("written by others") !=
          std::string::npos);
}
