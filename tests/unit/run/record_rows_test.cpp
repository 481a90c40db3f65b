// SPDX-License-Identifier: Apache-2.0
// Walks over the tables of a record, so that a new key is tested without a new test: it is set, written, read
// and compared, the schema contains it, and the manual explains it.
#include "run/record_rows.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace sigmund;
using namespace sigmund::run;

namespace {

// Returns a struct with what some keys need so that another key is shown: a pool, a status.
Record base_of(const Row<Record>&) {
    Record r;
    r.id = "7f3c2a";
    r.state = State::running;
    r.pid = r.pgid = r.sid = 4012;
    r.status = sys::ExitStatus::exited(1);
    r.workers_wanted = 2;
    return r;
}
SentSignal base_of(const Row<SentSignal>&) {
    return {SIGTERM, 0, "", 5, 0};
}
Part base_of(const Row<Part>&) {
    return {{}, 0, State::running, 0, sys::ExitStatus::exited(1)};
}
template <typename T>
T base_of(const Row<T>&) {
    return {};
}

// Returns values of every type that a row takes. One of them must change it.
const Json& examples() {
    static const Json object{
        {"pid", 7},       {"start_ticks", 8},  {"boot_id", "b"}, {"argv", Json::array({"a"})},
        {"verb", "stop"}, {"at_ms", 9},        {"worker", 3},    {"result", "exit=3"},
        {"name", "web"},  {"signal", "SIGINT"}};
    static const Json all{true,
                          false,
                          7,
                          8'000'000'000,
                          "word",
                          "paused",
                          "SIGINT",
                          "L/8=",
                          object,
                          Json::array({"a", "b"}),
                          Json::array({"/wE="}),
                          Json::array({object})};
    return all;
}

// Sets the row in a struct that is otherwise as base_of() makes it. Returns false when no example changes it.
template <typename T>
bool set_some_value(const Row<T>& row, T& to) {
    const Json was = row.get(base_of(row), Form::file);
    for (Json example : examples()) {
        to = base_of(row);
        row.set(to, example);
        const Json now = row.get(to, Form::file);
        if (now.is_null() || now.is_discarded()) continue;
        if (was.is_discarded() || now != was) return true;  // a discarded value compares with nothing
    }
    return false;
}

template <typename T, std::size_t N>
void walk(const Row<T> (&rows)[N]) {
    for (const Row<T>& row : rows) {
        CAPTURE(row.key);
        CHECK(std::count_if(rows, rows + N, [&](const Row<T>& each) { return each.key == row.key; }) == 1);
        T given{};
        if (!row.set || row.key == "version") continue;  // derived from another row, or always this version's
        REQUIRE_MESSAGE(set_some_value(row, given), "no example sets it: add one to examples()");
        Json written = write_object(rows, given, Form::file);
        T read{};
        read_object(rows, read, written);
        CHECK(row.get(read, Form::file) == row.get(given, Form::file));
        // A value of another type is ignored.
        for (const Json& example : examples()) {
            Json value = example;
            T to = given;
            row.set(to, value);
            CHECK_NOTHROW(row.get(to, Form::file));
        }
    }
}

std::string content_of(const std::string& path) {
    std::ifstream file(SIGMUND_SOURCE_DIR "/" + path);
    REQUIRE_MESSAGE(file, path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The schema of an object describes every key that programs see.
template <typename T, std::size_t N>
void check_schema(const Row<T> (&rows)[N], const Json& schema) {
    for (const Row<T>& row : rows)
        if (!row.in_files_only) CHECK_MESSAGE(schema.at("properties").contains(row.key), row.key);
}

// A golden record with every key, in the order of the file.
constexpr char golden[] =
    R"({"version":2,"id":"7f3c2a","name":"web","tags":["db","x"],"state":"running","result":null,"pid":4012,)"
    R"("pgid":4012,"sid":4012,"argv":["a b","\ufffd\u0001"],"argv_b64":["YSBi","/wE="],)"
    R"("cmdline_display":"sleep 300","started_at":"2026-11-20T20:13:00.123Z","started_ms":1795205580123,)"
    R"("ended_at":null,"ended_ms":null,"exit_code":null,"signal":"SIGSEGV","core_dumped":true,"shell":"12.345","project":"/p","port":24000,)"
    R"("restarts":3,"ready":false,"health":"unhealthy","workers_wanted":2,"workers_alive":1,)"
    R"("next_start_at":"2026-11-20T20:13:00.999Z","next_start_ms":1795205580999,"keep":true,)"
    R"("guardian":{"pid":4011,"start_ticks":123455},"identity":{"boot_id":"b-1","pid_ns":4026531836,)"
    R"("start_ticks":123456,"pidfd_ino":9001,"exe_dev":2049,"exe_ino":77},"host":"h","key":"00112233",)"
    R"("cwd":"/\ufffd","cwd_b64":"L/8=","log":"/l/7f3c2a.log","split_log":true,)"
    R"("survive":"session","stages":[{"argv":["a","b"],"pid":5,"exit_code":0,"signal":null,)"
    R"("core_dumped":false}],"workers":[{"worker":0,"state":"backoff","restarts":9,"pid":null,"exit_code":3,)"
    R"("signal":null,"core_dumped":false,"port":24001}],"results":["exit=1","newer-word"],)"
    R"("calls":[{"at":"2026-11-20T20:13:00.000Z","at_ms":1795205580000,"verb":"signal SIGHUP","pid":9,)"
    R"("uid":1000,"command":"sigmund signal"}],"status_text":"ok","stop_signal":"SIGINT",)"
    R"("stop_timeout_ms":700,"ended_by":"watch","leader_ended_first":true,"lives":[{"result":"exit=0",)"
    R"("ended_by":"newer-word","leader_ended_first":false,"worker":null,)"
    R"("restarted_at":"1970-01-01T00:00:00.005Z","restarted_ms":5}],"ready_detail":"port",)"
    R"("template":{"name":"web","depends":["db"],"once":true,"up":"7.8","stated":{"command":"a"}},)"
    R"("log_external":true,"uid":1000,"gid":1001,"boot_id":"b-1","options":{"ready":["tcp:1"]},)"
    R"("later":{"a":[1,{"b":null}]}})";

}  // namespace

TEST_CASE("every key of a record is set, written and read") {
    walk(record_rows);
    walk(guardian_rows);
    walk(identity_rows);
    walk(stage_rows);
    walk(worker_rows);
    walk(call_rows);
    walk(life_rows);
    walk(signal_rows);
    walk(template_rows);
}

TEST_CASE("every key comes back from the file of a record") {
    for (const Row<Record>& row : record_rows) {
        CAPTURE(row.key);
        Record given;
        if (!row.set || row.key == "version") continue;
        REQUIRE(set_some_value(row, given));
        const auto read = parse_record(write_record(given), given.id, Depth::full);
        REQUIRE(read);
        CHECK(row.get(*read, Form::file) == row.get(given, Form::file));
        if (row.section == Section::rest) continue;
        const auto head = parse_record(write_record(given), given.id, Depth::head);
        REQUIRE(head);
        CHECK(row.get(*head, Form::file) == row.get(given, Form::file));
    }
}

TEST_CASE("the keys of version 1 are read, and never written") {
    for (const Row<Record>& row : version_1_rows) {
        CAPTURE(row.key);
        for (const char* value : {"7000000", "\"/x.log\""}) {
            const std::string text =
                R"({"version":1,"id":"7f3c2a","pid":42,")" + std::string(row.key) + "\":" + value + '}';
            const auto read = parse_record(text, "7f3c2a", Depth::full);
            REQUIRE(read);
            const bool taken = row.get(*read, Form::file) == Json::parse(value);
            CHECK(taken == ((row.key == "log_path") == (value[0] == '"')));
            if (taken) CHECK(write_record(*read).find("\"log_path\"") == std::string::npos);
        }
    }
}

TEST_CASE("a record is written byte for byte as it was read") {
    const auto read = parse_record(golden, "7f3c2a", Depth::full);
    REQUIRE(read);
    Json expected = Json::parse(golden), written = Json::parse(write_record(*read));
    // Keys that are newer than this test may be between the old ones.
    for (auto at = written.begin(); at != written.end();)
        at = expected.contains(at.key()) ? std::next(at) : written.erase(at);
    CHECK(written.dump() == expected.dump());
}

TEST_CASE("the machine output has every key but those of files") {
    const auto read = parse_record(golden, "7f3c2a", Depth::full);
    REQUIRE(read);
    const Json shown = to_json(*read);
    for (const Row<Record>& row : record_rows)
        CHECK_MESSAGE(
            shown.contains(row.key) == (!row.in_files_only && !row.get(*read, Form::machine).is_discarded()),
            row.key);
    CHECK_FALSE(shown.contains("key"));
    CHECK_FALSE(shown.at("guardian").contains("start_ticks"));
}

TEST_CASE("the schema and the manual have every key that programs see") {
    const Json definitions = Json::parse(content_of("share/schema/sigmund-1.schema.json")).at("$defs");
    const Json& run = definitions.at("run");
    check_schema(record_rows, run);
    check_schema(guardian_rows, run.at("properties").at("guardian"));
    check_schema(identity_rows, run.at("properties").at("identity"));
    check_schema(stage_rows, definitions.at("parts").at("items"));
    check_schema(worker_rows, definitions.at("parts").at("items"));
    check_schema(call_rows, run.at("properties").at("calls").at("items"));
    check_schema(signal_rows, definitions.at("sent_signal"));
    check_schema(life_rows, run.at("properties").at("lives").at("items"));
    check_schema(template_rows, run.at("properties").at("template"));
    std::istringstream manual(content_of("man/sigmund-porcelain.5"));
    std::set<std::string> explained{"argv_b64", "cwd_b64", "project_b64", "log_b64"};
    for (std::string line, word; std::getline(manual, line);)
        if (line.starts_with(".It Li "))
            for (std::istringstream words(line.substr(7)); words >> word;) explained.insert(word);
    for (const Row<Record>& row : record_rows)
        CHECK_MESSAGE((row.in_files_only || explained.contains(std::string(row.key))), row.key);
}
