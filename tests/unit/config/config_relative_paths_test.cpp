// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"
#include "run/options.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;

TEST_CASE("relative paths in a file begin in the folder of that file") {
    const test::Scratch scratch;
    scratch.write("p/sigmund.toml", R"(
[run.web]
command = "serve"
cwd = "site"
log = "/var/log/web"
watch = ["src", "/etc/web"]
watch-exclude = ["build/", "*.log", "src/a*/gen"]
on-exit = "rm a/b"
)");
    ::setenv("SIGMUND_CONFIG", "/dev/null", 1);
    const config::Config read = config::load(run::configurable_options(), scratch.at("p"));
    ::unsetenv("SIGMUND_CONFIG");
    const config::Template* web = read.find_template("web");
    REQUIRE(web);
    const auto values = [&](const char* key) { return read.find(web->settings, key)->values; };
    using Values = std::vector<std::string>;
    CHECK(values("cwd") == Values{scratch.at("p/site")});
    CHECK(values("log") == Values{"/var/log/web"});
    CHECK(values("watch") == Values{scratch.at("p/src"), "/etc/web"});
    CHECK(values("watch-exclude") == Values{"build/", "*.log", scratch.at("p/src/a*/gen")});
    CHECK(values("on-exit") == Values{"rm a/b"});
}
