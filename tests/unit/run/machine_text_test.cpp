// SPDX-License-Identifier: Apache-2.0
// The machine output that is copied from the file of a finished record must never differ from what the parser and
// to_json() give. Records are changed at random places, and where the text is copied, the two are compared.
#include "run/machine_text.hpp"

#include <doctest/doctest.h>

#include <random>

#include "run/record_rows.hpp"

using namespace sigmund;
using run::MachineText;
using run::Record;

namespace {

Record finished() {
    Record r;
    r.id = "7f3c2a";
    r.name = "web";
    r.tags = {"a", "b.c"};
    r.state = run::State::exited;
    r.result = run::Result("exit=3");
    r.pid = r.pgid = r.sid = 4012;
    r.argv = {"sh", "-c", "echo \"a\\b\"\t\n\x01 gr\u00fc\u00dfe", ""};
    r.started_ms = 1'794'496'977'693;
    r.ended_ms = 1'795'244'122'549;
    r.status = sys::ExitStatus::exited(3);
    r.shell = "12.345";
    r.project = "/home/me/shop";
    r.restarts = 2;
    r.guardian_pid = 4011;
    r.guardian_ticks = 99;
    r.identity.boot_id = "b-1";
    r.identity.pid_ns = 7;
    r.host = "h";
    r.key = "00112233";
    r.cwd = "/home/me";
    r.log = "/s/7f3c2a.log";
    r.survive = "step";
    r.results = {run::Result("exit=1"), run::Result("newer-word")};
    r.calls.push_back({5, "stop", 9, 1000, "sigmund stop"});
    r.lives.push_back({run::Result("exit=1"),
                       run::EndedBy("watch"),
                       true,
                       3,
                       7,
                       12,
                       {1, 2, 4096},
                       {SIGHUP, 3, "signal", 7, 0}});
    r.lives.push_back({run::Result("exit=1"), run::EndedBy("watch"), true, 3, 7});  // of an older version
    r.used = {5, 0, 8192};
    r.last_signal = {SIGTERM, 1'795'244'122'500, "timeout", 0, 0};
    r.ended_by = run::EndedBy("itself");
    r.stop_signal = SIGINT;
    r.options_json = R"({"ready":["tcp:1",{"a":[null,true,-0]}],"n":12})";
    return r;
}

std::string dumped(const Record& record) {
    return run::to_json(record).dump(-1, ' ', false, run::Json::error_handler_t::replace);
}

void compare(const std::string& text) {
    MachineText quick;
    if (!run::copy_finished(text, "7f3c2a", quick)) return;
    const auto slow = run::parse_record(text, "7f3c2a", run::Depth::full);
    REQUIRE_MESSAGE(slow, text);
    CHECK_MESSAGE(quick.text == dumped(*slow), text);
    CHECK(quick.log == slow->log);
    CHECK(quick.log_external == slow->log_external);
    CHECK(quick.text.substr(quick.guardian_end, 1) == "}");
    CHECK(quick.text.substr(quick.log_begin, 8) == ",\"log\":\"");
    CHECK(quick.text.substr(quick.log_end, 13) == ",\"split_log\":");
}

std::string usual(Record r) {
    r.options_json = R"({"path_hash":12})";
    return run::write_record(r);
}

}  // namespace

TEST_CASE("the file of a usual finished record is copied") {
    Record r = finished();
    MachineText out;
    for (const int kind : {0, 1, 2, 3}) {
        if (kind == 1) r.status = sys::ExitStatus::killed(SIGSEGV, true);
        if (kind == 2) {
            r.status = {};
            r.name = r.shell = r.project = r.health = "";
            r.ended_ms = {};
            r.calls.clear();
            r.lives.clear();
            r.result = run::Result::unknown;
        }
        if (kind == 3) r.log_external = true;
        REQUIRE(run::copy_finished(usual(r), r.id, out));
        CHECK(out.text == dumped(*run::parse_record(usual(r), r.id, run::Depth::full)));
        CHECK(out.log_external == (kind == 3));
        compare(usual(r));
    }
}

TEST_CASE("what a run has used is null where the record does not have it, copied or parsed") {
    constexpr const char* keys[] = {"cpu_user_ms", "cpu_system_ms", "peak_memory_bytes"};
    MachineText out;
    Record r = finished();
    for (const char* key : keys) {
        CAPTURE(key);
        run::Json file = run::Json::parse(usual(r));
        CHECK(file.at(key).is_number());
        CHECK(file.at("lives")[0].at(key).is_number());
        CHECK_FALSE(file.at("lives")[1].contains(key));
        for (const bool explicit_null : {false, true}) {
            if (explicit_null)
                file[key] = nullptr;
            else
                file.erase(key);
            const std::string text = file.dump() + '\n';
            CHECK(run::copy_finished(text, r.id, out) == !explicit_null);
            const run::Json parsed = run::to_json(*run::parse_record(text, r.id, run::Depth::full));
            CHECK(parsed.at(key).is_null());
            CHECK(parsed.at("lives")[1].at(key).is_null());
            if (!explicit_null) CHECK(out.text == parsed.dump());
        }
    }
    r.used = {};
    CHECK(run::Json::parse(usual(r)).contains("template"));
    CHECK_FALSE(run::Json::parse(usual(r)).contains("cpu_user_ms"));
}

TEST_CASE("what is not certain is left to the parser") {
    MachineText out;
    const auto copied = [&](const Record& r) { return run::copy_finished(usual(r), "7f3c2a", out); };
    CHECK(copied(finished()));
    Record r = finished();
    r.state = run::State::running;
    CHECK_FALSE(copied(r));
    r = finished();
    r.id = "7f3c2b";
    CHECK_FALSE(copied(r));
    r = finished();
    r.argv.emplace_back("\xff");
    CHECK_FALSE(copied(r));
    r = finished();
    r.cwd = "/\xff";
    CHECK_FALSE(copied(r));
    r = finished();
    r.workers_wanted = 2;
    CHECK_FALSE(copied(r));
    r = finished();
    r.extra_json = R"({"later":1})";
    CHECK_FALSE(copied(r));
    std::string text = usual(finished());
    text.insert(text.find(":") + 1, " ");
    CHECK_FALSE(run::copy_finished(text, "7f3c2a", out));
    text = usual(finished());
    text.resize(text.size() - 1);
    CHECK_FALSE(run::copy_finished(text, "7f3c2a", out));
    CHECK_FALSE(run::copy_finished("", "7f3c2a", out));
}

TEST_CASE("a copied text never differs from what the parser gives, whatever is damaged") {
    std::mt19937 random(1);
    static constexpr char bytes[] = "\"\\,:{}[]0129-+.eEnutrlsf abc/\x01\x7f\xc3\x80\xe0\xed\xbf";
    for (const std::string& good : {usual(finished()), run::write_record(finished())}) {
        for (int round = 0; round < 20'000; ++round) {
            std::string text = good;
            for (auto changes = 1 + random() % 2; changes > 0; --changes) {
                const std::size_t at = random() % text.size();
                const char c = bytes[random() % (sizeof bytes - 1)];
                switch (random() % 3) {
                    case 0:
                        text[at] = c;
                        break;
                    case 1:
                        text.insert(at, 1, c);
                        break;
                    default:
                        text.erase(at, 1 + random() % 4);
                }
            }
            compare(text);
        }
    }
}

TEST_CASE("a value of any kind in any key is copied as the parser reads it") {
    const run::Json good = run::Json::parse(usual(finished()));
    const run::Json values{nullptr,
                           true,
                           false,
                           0,
                           1,
                           -1,
                           255,
                           256,
                           65536,
                           4'294'967'296,
                           1'000'000'000'000'000'000,
                           "",
                           "word",
                           "exited",
                           "failed",
                           "running",
                           "SIGINT",
                           "INT",
                           "SIGTERM",
                           "itself",
                           "1970-01-01T00:00:00.005Z",
                           run::Json::array(),
                           run::Json::array({"a", "b"}),
                           run::Json::array({1}),
                           run::Json::object(),
                           run::Json::array({run::Json::object()})};
    std::size_t copied = 0;
    const auto check = [&](const run::Json& changed) {
        const std::string text = changed.dump() + '\n';
        compare(text);
        MachineText out;
        copied += run::copy_finished(text, "7f3c2a", out) ? 1 : 0;
    };
    const auto walk = [&](const run::Json::json_pointer& place) {
        for (const run::Json& value : values) {
            run::Json changed = good;
            changed[place] = value;
            check(changed);
        }
        run::Json shorter = good;
        shorter[place.parent_pointer()].erase(place.back());
        check(shorter);
    };
    for (const auto& [key, value] : good.items()) {
        walk(run::Json::json_pointer("/" + key));
        if (value.is_object())
            for (const auto& [inner, unused] : value.items())
                walk(run::Json::json_pointer("/" + key + "/" + inner));
        if (value.is_array() && !value.empty() && value[0].is_object())
            for (const auto& [inner, unused] : value[0].items())
                walk(run::Json::json_pointer("/" + key + "/0/" + inner));
    }
    CHECK(copied > 200);
}
