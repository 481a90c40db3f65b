// SPDX-License-Identifier: Apache-2.0
#include "run/record.hpp"

#include <doctest/doctest.h>

#include "run/verdict.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

Record sample() {
    Record r;
    r.id = "7f3c2a";
    r.name = "web";
    r.tags = {"db", "x"};
    r.state = State::running;
    r.pid = r.pgid = r.sid = 4012;
    r.argv = {"redis-server", "a b", "\xff\x01"};
    r.started_ms = 1795205580123;
    r.identity = {4012, "boot", 4026531836, 123456, 9001, {2049, 77}};
    r.key = "00112233";
    r.host = "h";
    r.cwd = "/w";
    r.project = "/w";
    r.log = "/l";
    r.guardian_pid = 4011;
    r.guardian_ticks = 123455;
    return r;
}

}  // namespace

TEST_CASE("a record comes back as it was written, with any bytes") {
    const Record r = sample();
    const auto back = parse_record(write_record(r), r.id, Depth::full);
    REQUIRE(back);
    CHECK(back->name == "web");
    CHECK(back->tags == r.tags);
    CHECK(back->argv == r.argv);
    CHECK(back->identity.start_ticks == 123456);
    CHECK(back->identity.pidfd_ino == 9001);
    CHECK(back->identity.boot_id == "boot");
    CHECK(back->key == r.key);
    CHECK(back->guardian_ticks == 123455);
    CHECK(back->cwd == "/w");
    CHECK_FALSE(back->status.known);
}

TEST_CASE("the causes that ended a run and its lives come back, and an unknown one is null") {
    Record r = sample();
    CHECK(write_record(r).find(R"("ended_by":null,"leader_ended_first":null,"lives":[])") !=
          std::string::npos);
    r.ended_by = EndedBy::unhealthy;
    r.leader_first = false;
    r.lives = {{Result("exit=0"), EndedBy::watch, false, -1, 5},
               {Result("signal=SIGKILL"), EndedBy::itself, true, 3, 6}};
    auto back = parse_record(write_record(r), r.id, Depth::full);
    REQUIRE(back);
    CHECK(back->ended_by == EndedBy::unhealthy);
    CHECK(back->leader_first == false);
    REQUIRE(back->lives.size() == 2);
    CHECK(back->lives[0].result == Result("exit=0"));
    CHECK(back->lives[0].ended_by == EndedBy::watch);
    CHECK(back->lives[0].leader_first == false);
    CHECK(back->lives[0].worker == -1);
    CHECK(back->lives[1].worker == 3);
    CHECK(back->lives[1].restarted_ms == 6);
    // Values of another form are ignored.
    std::string text = write_record(r);
    text.replace(text.find(R"("lives":)"), 8, R"("lives":[7,{"worker":-1,"result":3}],"other":)");
    back = parse_record(text, r.id, Depth::full);
    REQUIRE(back);
    REQUIRE(back->lives.size() == 1);
    CHECK(back->lives[0].result.empty());
    CHECK(back->lives[0].worker == -1);
}

TEST_CASE("the head of a record has what a list needs, and no more") {
    Record r = sample();
    auto head = parse_record(write_record(r), r.id, Depth::head);
    REQUIRE(head);
    CHECK(head->key == r.key);
    CHECK(head->cwd.empty());
    r.state = State::exited;
    r.status = sys::ExitStatus::killed(11, true);
    r.ended_ms = 5;
    head = parse_record(write_record(r), r.id, Depth::head);
    REQUIRE(head);
    CHECK(head->status == r.status);
    CHECK(head->ended_ms == 5);
}

TEST_CASE("unknown fields are kept when a record is rewritten") {
    std::string text = write_record(sample());
    text.replace(text.rfind('}'), 1, R"(,"later":{"a":[1,{"b":null}]}})");
    const auto back = parse_record(text, "7f3c2a", Depth::full);
    REQUIRE(back);
    CHECK(write_record(*back).find(R"("later":{"a":[1,{"b":null}]})") != std::string::npos);
}

TEST_CASE("a text that is not a record is refused") {
    const std::string good = write_record(sample());
    for (const std::string& text :
         {std::string(), std::string("garbage"), std::string("[]"), std::string("{}"),
          good.substr(0, good.size() / 2), std::string(R"({"id":"7f3c2a"})"),
          std::string(R"({"id":"7f3c2a","pid":-1})"), std::string(R"({"id":"7f3c2b","pid":1})"),
          R"({"id":"7f3c2a","pid":1,"x":)" + std::string(70, '[') + std::string(70, ']') + '}'}) {
        CAPTURE(text);
        CHECK_FALSE(parse_record(text, "7f3c2a", Depth::full));
    }
}

TEST_CASE("version 1 is read") {
    const auto r = parse_record(
        R"({"version":1,"id":"abc123","pid":42,"pgid":42,"sid":42,"start_unix_ns":1700000000000000000,)"
        R"("cmdline_display":"sleep 300","proc_starttime_ticks":777,"boot_id":"b","log_path":"/x.log"})",
        "abc123", Depth::head);
    REQUIRE(r);
    CHECK(r->identity.start_ticks == 777);
    CHECK(r->identity.boot_id == "b");
    CHECK(r->started_ms == 1700000000000);
    CHECK(command_text(*r) == "sleep 300");
    CHECK(r->log == "/x.log");
    CHECK(r->state == State::running);
}

TEST_CASE("the verdict follows from the facts") {
    struct Row {
        State recorded;
        Facts facts;
        State state;
        const char* result;
    };
    const Facts lives{.lock_held = true, .leader = LeaderFact::alive};
    const Row rows[] = {
        {State::running, lives, State::running, ""},
        {State::paused, lives, State::paused, ""},
        {State::backoff, {.lock_held = true}, State::backoff, ""},
        {State::running, {.lock_held = true}, State::exited, "pending"},
        {State::running, {.lock_held = true, .has_members = true}, State::running, ""},
        {State::running, {.leader = LeaderFact::alive}, State::running, ""},
        {State::starting, {.leader = LeaderFact::alive, .leader_stopped = true}, State::paused, ""},
        {State::running, {.leader = LeaderFact::gone, .has_members = true}, State::running, ""},
        {State::running, {.leader = LeaderFact::stranger, .has_members = true}, State::running, ""},
        {State::running, {.leader = LeaderFact::gone}, State::lost, "unknown"},
        {State::running, {.leader = LeaderFact::zombie}, State::lost, "unknown"},
        {State::running, {.leader = LeaderFact::stranger}, State::stale, ""},
        {State::running, {.leader = LeaderFact::gone, .group_reused = true}, State::stale, ""},
        {State::running, {.same_boot = false, .leader = LeaderFact::alive}, State::stale, ""},
        {State::running, {.same_pid_namespace = false}, State::stale, ""},
        {State::exited, {.lock_held = true}, State::exited, ""},
    };
    for (const Row& row : rows) {
        Record r = sample();
        r.state = row.recorded;
        const Verdict v = judge(r, row.facts);
        CAPTURE(static_cast<int>(&row - rows));
        CHECK(v.state == row.state);
        CHECK(v.result == Result(row.result));
    }
}

TEST_CASE("long words are written at about twice their length at most, and come back as they were") {
    for (const char* text : {"x", "\"", "\x01", "\xff", "\n"}) {
        Record r = sample();
        std::string word;
        while (word.size() < 100'000) word += text;
        r.argv = {"printf", word, "", word + "\x02", "end"};
        r.stages = {Part{r.argv, 1, State::running, 0, {}}, Part{{"cat", word}, 2, State::running, 0, {}}};
        const std::string written = write_record(r);
        CHECK(written.size() < 2 * (2 * 200'000 + 100'000) + 10'000);
        for (const Depth depth : {Depth::head, Depth::full}) {
            const auto back = parse_record(written, r.id, depth);
            REQUIRE(back);
            CHECK(back->argv == r.argv);
        }
        const auto back = parse_record(written, r.id, Depth::full);
        CHECK(back->stages[0].argv == r.argv);
        CHECK(read_spec(*back).stages[1] == r.stages[1].argv);
    }
}
