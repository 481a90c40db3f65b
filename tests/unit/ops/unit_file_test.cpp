// SPDX-License-Identifier: Apache-2.0
#include "ops/unit_file.hpp"

#include <doctest/doctest.h>

#include "ops/unit_options.hpp"
#include "run/option_rows.hpp"

using namespace sigmund;
using ops::UnitFile;
using ops::UnitSource;

namespace {

UnitSource source() {
    UnitSource out;
    out.name = "web";
    out.origin = "/p/sigmund.toml:1";
    out.description = "web: node server.js";
    out.spec.argv = {"/usr/bin/node", "server.js"};
    out.spec.cwd = "/p";
    return out;
}

bool has_line(const UnitFile& unit, const std::string& line) {
    return ('\n' + unit.text).find('\n' + line + '\n') != std::string::npos;
}
bool has_key(const UnitFile& unit, const std::string& key) {
    return unit.text.find('\n' + key + '=') != std::string::npos;
}
bool notes_have(const UnitFile& unit, std::string_view part) {
    for (const std::string& note : unit.notes)
        if (note.find(part) != std::string::npos) return true;
    return false;
}

}  // namespace

TEST_CASE("a unit for a plain template has the defaults of sigmund") {
    const UnitFile unit = make_unit(source());
    for (const char* line :
         {"Description=web: node server.js", "Type=exec", "WorkingDirectory=/p",
          "ExecStart=/usr/bin/node server.js", "KillMode=control-group", "TimeoutStopSec=5s", "Restart=no",
          "StandardOutput=journal", "IgnoreSIGPIPE=no", "WantedBy=default.target"})
        CHECK_MESSAGE(has_line(unit, line), line);
    for (const char* key :
         {"KillSignal", "RuntimeMaxSec", "Environment", "UMask", "Requires", "StartLimitBurst"})
        CHECK_MESSAGE(!has_key(unit, key), key);
    CHECK(unit.notes.empty());
}

TEST_CASE("every launch option is expressed, or is left out for a reason") {
    for (const run::LaunchOption& row : run::launch_rows) {
        if (!row.codec) continue;
        const ops::UnitOption* known = ops::unit_option(row.option.name);
        REQUIRE_MESSAGE(known, row.option.name);
        CHECK_MESSAGE(known->expressed == known->why_not.empty(), row.option.name);
    }
}

TEST_CASE("restarts") {
    UnitSource given = source();
    given.spec.restart.when = run::RestartWhen::on_failure;
    UnitFile unit = make_unit(given);
    CHECK(has_line(unit, "Restart=on-failure"));
    CHECK(has_line(unit, "RestartForceExitStatus=SIGHUP SIGINT SIGTERM SIGPIPE"));
    CHECK(has_line(unit, "RestartSec=100ms"));
    CHECK(has_line(unit, "StartLimitIntervalSec=0"));
    CHECK(notes_have(unit, "The pause before a restart"));
    given.spec.restart = {.when = run::RestartWhen::on_exit,
                          .codes = {75, 129},
                          .max_restarts = 3,
                          .backoff_min = 2000,
                          .backoff_max = 2000,
                          .window = 8000};
    unit = make_unit(given);
    CHECK(has_line(unit, "RestartForceExitStatus=75 129"));
    CHECK(has_line(unit, "StartLimitIntervalSec=40s"));
    CHECK(has_line(unit, "StartLimitBurst=4"));
    CHECK_FALSE(notes_have(unit, "The pause before a restart"));
    given.spec.restart.max_restarts = INT32_MAX;
    given.spec.restart.window = INT64_MAX / 4;
    CHECK(has_line(make_unit(given), "StartLimitIntervalSec=31536000s"));
}

TEST_CASE("readiness, steps and dependencies") {
    UnitSource given = source();
    given.spec.ready = {"notify", "tcp:80"};
    given.spec.ready_timeout = 1500;
    given.depends = {"db", "migrate"};
    UnitFile unit = make_unit(given);
    CHECK(has_line(unit, "Type=notify"));
    CHECK(has_line(unit, "TimeoutStartSec=1500ms"));
    CHECK(has_line(unit, "Requires=db.service"));
    CHECK(has_line(unit, "After=migrate.service"));
    CHECK(notes_have(unit, "ready = \"tcp:80\" was left out"));
    CHECK_FALSE(notes_have(unit, "notify\""));
    given = source();
    given.once = true;
    given.spec.timeout = 60'000;
    unit = make_unit(given);
    CHECK(has_line(unit, "Type=oneshot"));
    CHECK(has_line(unit, "RemainAfterExit=yes"));
    CHECK(has_line(unit, "TimeoutStartSec=60s"));
    CHECK_FALSE(has_key(unit, "RuntimeMaxSec"));
}

TEST_CASE("the environment has the order of sigmund") {
    UnitSource given = source();
    given.search_path = "/opt/a b:/bin";
    given.spec.environment.set = {"A=$x 100%", "B.C=1"};
    given.spec.environment.unset = {"OLD", "A"};
    UnitFile unit = make_unit(given);
    CHECK(has_line(unit, "Environment=\"PATH=/opt/a b:/bin\""));
    CHECK(has_line(unit, "Environment=\"A=$x 100%%\""));
    CHECK(has_line(unit, "ExecStart=/usr/bin/env B.C=1 /usr/bin/node server.js"));
    CHECK(has_line(unit, "UnsetEnvironment=OLD"));
    CHECK_FALSE(has_line(unit, "UnsetEnvironment=A"));
    given.spec.environment = {};
    given.spec.environment.set = {"A=$x", "PATH=/x"};
    given.spec.environment.files = {"/p/.env", "/p/e*[v]"};
    unit = make_unit(given);
    CHECK(has_line(unit, "EnvironmentFile=/p/.env"));
    CHECK(has_line(unit, "EnvironmentFile=/p/e\\*\\[v\\]"));
    CHECK(has_line(unit, "ExecStart=/usr/bin/env \"A=$$x\" PATH=/x /usr/bin/node server.js"));
    CHECK_FALSE(has_key(unit, "Environment"));
}

TEST_CASE("limits, signals and files") {
    UnitSource given = source();
    given.spec.umask = 027;
    given.spec.nice = -5;
    given.spec.rlimits = {{RLIMIT_NOFILE, {64, 1024}}, {RLIMIT_CORE, {RLIM_INFINITY, RLIM_INFINITY}}};
    given.spec.stop_signal = SIGINT;
    given.spec.stop_timeout = 0;
    given.spec.signals.ignore = sys::signal_bit(SIGPIPE) | sys::signal_bit(SIGHUP);
    given.spec.log_path = "/p/100%.log";
    given.spec.stdin_path = "/p/in\n";
    given.spec.on_exit = "echo $A";
    const UnitFile unit = make_unit(given);
    for (const char* line : {"UMask=0027", "Nice=-5", "LimitNOFILE=64:1024", "LimitCORE=infinity:infinity",
                             "KillSignal=SIGINT", "TimeoutStopSec=1ms", "IgnoreSIGPIPE=yes",
                             "StandardOutput=append:/p/100%%.log", "ExecStopPost=/bin/sh -c \"echo $$A\""})
        CHECK_MESSAGE(has_line(unit, line), line);
    CHECK_FALSE(has_key(unit, "StandardInput"));
    CHECK(notes_have(unit, "stdin was left out"));
    CHECK(notes_have(unit, "ignore was left out"));
}

TEST_CASE("what a unit cannot express is named") {
    UnitSource given = source();
    given.spec.tags = {"x"};
    given.spec.pool = 2;
    given.spec.watch.paths = {"/p"};
    given.spec.health.command = "true";
    given.spec.cwd = "/p ";
    const UnitFile unit = make_unit(given);
    for (const char* option : {"tag", "pool", "watch", "health", "cwd"})
        CHECK_MESSAGE(notes_have(unit, std::string(option) + " was left out: "), option);
    CHECK_FALSE(notes_have(unit, "name was left out"));
}

TEST_CASE("the path of the command is exact, also with characters that systemd replaces") {
    UnitSource given = source();
    given.spec.argv = {"/p/a b%/$x", "$y"};
    CHECK(has_line(make_unit(given), "ExecStart=\"@/p/a b%%/$x\" \"/p/a b%%/$$x\" \"$$y\""));
    given.spec.argv = {"/p/a\"b", "c"};
    CHECK(
        has_line(make_unit(given), "ExecStart=/bin/sh -c \"exec \\\"$$0\\\" \\\"$$@\\\"\" \"/p/a\\\"b\" c"));
    given.spec.argv = {"/p/a b"};
    CHECK(has_line(make_unit(given), "ExecStart=\"/p/a b\""));
    given.description = "two\nlines \\";
    CHECK(has_line(make_unit(given), "Description=web"));
}
