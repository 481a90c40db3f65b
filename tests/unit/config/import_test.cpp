// SPDX-License-Identifier: Apache-2.0
#include "config/import.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/import_guess.hpp"
#include "run/failure.hpp"

using namespace sigmund;
using config::Import;
using config::ImportedRun;

namespace {

Import procfile(std::string_view content, config::Beside beside = {}) {
    return config::import_procfile(content, "Procfile", beside);
}
Import package(std::string_view content, config::Beside beside = {}) {
    return config::import_package(content, "package.json", beside);
}

const ImportedRun& run_of(const Import& import, std::string_view name) {
    for (const ImportedRun& each : import.runs)
        if (each.name == name) return each;
    FAIL("there is no run " << std::string(name));
    return import.runs.front();
}

bool notes_have(const Import& import, std::string_view part) {
    for (const std::string& note : import.notes)
        if (note.find(part) != std::string::npos) return true;
    return false;
}

std::string failure_of(auto&& read) {
    try {
        read();
    } catch (const run::Failure& failure) {
        return failure.what() + std::string(" | ") + failure.hint;
    }
    return "";
}

}  // namespace

TEST_CASE("a Procfile is read as foreman reads it") {
    const Import read = procfile(
        "\xEF\xBB\xBF# a comment\r\n\r\nweb:bundle exec puma\r\nworker:\t  sidekiq -q \"a b\" \n"
        "  indented: x\nempty:\nno colon\nweb: again\na.b: x\n");
    REQUIRE(read.runs.size() == 2);
    CHECK(read.runs[0].command == "bundle exec puma");
    CHECK(read.runs[1].command == "sidekiq -q \"a b\"");
    CHECK(notes_have(read, "Line 5 was left out: it is not NAME: COMMAND"));
    CHECK(notes_have(read, "Line 6 "));
    CHECK(notes_have(read, "Line 7 "));
    CHECK(notes_have(read, "Line 8 was left out: there is another process web above it"));
    CHECK(notes_have(read, "Line 9 "));
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "web: x\n";
    CHECK(procfile(many).notes.size() < 20);
    CHECK(notes_have(procfile(many), "4989 more lines were left out"));
}

TEST_CASE("the processes of a Procfile get the ports that foreman gives them") {
    const Import read = procfile(
        "web: rails s\njob: x\napi: node api.js $PORT\nui: vite --port ${PORT:-1}\n"
        "old: FOO=1 PORT=8080 ./old\nother: x $PORTS\nfixed: puma -p 9292\n");
    CHECK(run_of(read, "web").port == 5000);
    CHECK(run_of(read, "job").port == 0);
    CHECK(run_of(read, "api").port == 5200);
    CHECK(run_of(read, "ui").port == 5300);
    CHECK(run_of(read, "old").port == 8080);
    CHECK(run_of(read, "other").port == 0);
    CHECK(run_of(read, "fixed").port == 0);
    CHECK(run_of(read, "fixed").remarks.at(0).find("9292") != std::string::npos);
    const Import based = procfile("a: x $PORT\nb: y $PORT\n", {.env = "A=1\nPORT=7000\n", .others = {}});
    CHECK(run_of(based, "b").port == 7100);
    CHECK(run_of(based, "a").env_file == ".env");
    CHECK(notes_have(based, "PORT of .env"));
    CHECK(notes_have(procfile("a: x\n", {.env = "A='1\n", .others = {}}), "Line 1 of .env would be refused"));
}

TEST_CASE("release and console of a Procfile are not services") {
    const Import read = procfile("release: rake db:migrate\nconsole: irb\nweb: x\n");
    CHECK((run_of(read, "release").once && run_of(read, "release").manual));
    CHECK((!run_of(read, "console").once && run_of(read, "console").manual));
    CHECK((!run_of(read, "web").once && !run_of(read, "web").manual));
}

TEST_CASE("names that no run may have are mapped to different valid ones, and told") {
    CHECK(config::template_names({"build:watch", "build-watch", "cafe1", "7up", "-x", "日本", "a b c", "",
                                  ".x", "build watch"}) ==
          std::vector<std::string>{"build-watch-2", "build-watch", "run-cafe1", "run-7up", "x", "run",
                                   "a-b-c", "run-2", "run-.x", "build-watch-3"});
    const std::string longest(64, 'x');
    CHECK(config::template_names({longest + "yy", longest}) ==
          std::vector<std::string>{std::string(52, 'x'), longest});
    const Import read = procfile("cafe1: x\n");
    CHECK(read.runs.at(0).name == "run-cafe1");
    CHECK(notes_have(read, "The process cafe1 is called run-cafe1, since"));
}

TEST_CASE("scripts become services or steps, and one service is part of a bare up") {
    const Import read = package(R"({"name": "x", "scripts": {
        "start": "node server.js", "dev": "vite", "build": "tsc", "build:watch": "tsc -w", "test": "vitest run",
        "watch:test": "vitest", "lint": "eslint .", "install": "node-gyp rebuild", "go": "nodemon x.js", "go2": "./x"}})");
    CHECK((!run_of(read, "dev").manual && !run_of(read, "dev").once));
    for (const char* service : {"start", "build-watch", "watch-test", "go"})
        CHECK_MESSAGE((run_of(read, service).manual && !run_of(read, service).once), service);
    for (const char* step : {"build", "test", "lint", "install", "go2"})
        CHECK_MESSAGE((run_of(read, step).manual && run_of(read, step).once), step);
    CHECK(run_of(read, "build-watch").argv == std::vector<std::string>{"npm", "run", "build:watch"});
    CHECK(notes_have(package(R"({"scripts": {"build": "x"}})"), "a bare `sigmund up` starts nothing"));
}

TEST_CASE("what the package manager executes itself has no template") {
    const std::string text = R"({"scripts": {"prebuild": "a", "build": "b", "postbuild": "c", "prepare": "d",
        "postinstall": "e", "pretty": "f", "previous": "g", "n": 1, "o": {"build": "x"}, "e": "", "-x": "h"}})";
    const Import read = package(text);
    std::vector<std::string> names;
    for (const ImportedRun& each : read.runs) names.push_back(each.name);
    CHECK(names == std::vector<std::string>{"build", "pretty", "previous", "x"});
    CHECK(run_of(read, "x").argv == std::vector<std::string>{"npm", "run", "--", "-x"});
    CHECK(notes_have(read, "\"prebuild\" was left out: npm executes it before \"build\""));
    CHECK(notes_have(read, "\"postbuild\" was left out: npm executes it after \"build\""));
    CHECK(notes_have(read, "\"n\" was left out: its value is not a text"));
    CHECK(notes_have(read, "\"o\" was left out: its value is not a text"));
    const Import berry = package(text, {.env = {}, .others = {"yarn.lock", ".yarnrc.yml"}});
    CHECK(run_of(berry, "prebuild").argv == std::vector<std::string>{"yarn", "run", "prebuild"});
    CHECK(notes_have(berry, "yarn would take its name for an option"));
}

TEST_CASE("the package manager is the one that the package names, or whose lock file is there") {
    const auto manager = [](const char* named, std::vector<std::string> beside = {}) {
        const Import read =
            package("{\"packageManager\": \"" + std::string(named) + "\", \"scripts\": {\"dev\": \"x\"}}",
                    {.env = {}, .others = std::move(beside)});
        return read.runs.at(0).argv.at(0);
    };
    CHECK(manager("pnpm@9.1.0+sha512.abc", {"yarn.lock"}) == "pnpm");
    CHECK(manager("yarn") == "yarn");
    CHECK(manager("other@1") == "npm");
    CHECK(manager("", {"bun.lockb"}) == "bun");
    CHECK(manager("", {"pnpm-lock.yaml"}) == "pnpm");
    CHECK(manager("", {"package-lock.json"}) == "npm");
}

TEST_CASE("workspaces are named, and only the scripts of the package itself are read") {
    const Import read = package(R"({"workspaces": {"packages": ["packages/*", "x"], "nohoist": ["y"]},
        "config": {"scripts": {"no": "x"}}, "scripts": {"dev": "1", "test": "2", "dev": "3"}})");
    CHECK(notes_have(read, R"(The scripts of its workspaces ["packages/*", "x"] were not read)"));
    REQUIRE(read.runs.size() == 2);
    CHECK(read.runs[0].remarks.at(0) == "The script is \"3\"");
}

TEST_CASE("a broken or hostile package.json is refused with its line") {
    CHECK(failure_of([] { package("{\n\"scripts\": {\n}"); }).find("package.json:3: is not valid JSON") == 0);
    CHECK(failure_of([] { package("[]"); }).find("is not a package.json") != std::string::npos);
    CHECK(failure_of([] { package(""); }).find("is not valid JSON") != std::string::npos);
    CHECK(failure_of([] { package(std::string(500'000, '[')); }).find("is not valid JSON") !=
          std::string::npos);
    std::string many = "{\"scripts\":{", lines;
    for (int i = 0; i < 2000; ++i) {
        many += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\":\"x\"";
        lines += "p" + std::to_string(i) + ": x\n";
    }
    CHECK(failure_of([&] { package(many + "}}"); }).find("more than 1000 scripts") != std::string::npos);
    CHECK(failure_of([&] { procfile(lines); }).find("Procfile:1001: has more than 1000") !=
          std::string::npos);
}

TEST_CASE("the kind of a file is told by its name, else by its content") {
    using config::ImportKind;
    CHECK(config::import_kind("a/Procfile", "{}") == ImportKind::procfile);
    CHECK(config::import_kind("Procfile.dev", "") == ImportKind::procfile);
    CHECK(config::import_kind("x.procfile", "") == ImportKind::procfile);
    CHECK(config::import_kind("package.json", "") == ImportKind::package);
    CHECK(config::import_kind("x", "\n {}") == ImportKind::package);
    CHECK(config::import_kind("x.txt", "# c\nweb: x:y\n\n") == ImportKind::procfile);
    CHECK(failure_of([] {
              config::import_kind("compose.yaml", "services:\n  web:\n");
          }).find("is a compose file") != std::string::npos);
    for (const char* other : {"root:x:0:0\n", "all: x\n\tcc\n", "a: b\n  c: d\n", "", "[Unit]\n", "\n"})
        CHECK_MESSAGE(failure_of([&] { config::import_kind("x", other); }).find("--from reads a Procfile") !=
                          std::string::npos,
                      other);
    CHECK(!failure_of([] { config::import_kind("x.yml", "a: b\n"); }).empty());
}

TEST_CASE("braces that sigmund.toml would replace are kept") {
    for (const auto& [text, kept] : std::vector<std::pair<std::string, std::string>>{
             {"a {port} b", "a {{port}} b"},
             {"{web.port}{project}", "{{web.port}}{{project}}"},
             {"${port} {} {print $1} {{.State}} {a b.port} {.port}",
              "${port} {} {print $1} {{.State}} {a b.port} {.port}"},
             {"{{port}}", "{{{port}}}"},
             {"{port", "{port"}})
        CHECK(config::keep_braces(text) == kept);
}
