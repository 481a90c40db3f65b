// SPDX-License-Identifier: Apache-2.0
// The shortcut for finished records must never contradict the real parser. A record is changed at random
// places, and where the shortcut still answers, the two are compared.
#include <doctest/doctest.h>

#include <random>

#include "run/record.hpp"

using namespace sigmund;
using run::Depth;
using run::Record;

namespace {

Record finished() {
    Record r;
    r.id = "7f3c2a";
    r.name = "web";
    r.tags = {"a", "b.c"};
    r.state = run::State::exited;
    r.result = run::Result("exit=3");
    r.pid = 4012;
    r.pgid = 4012;
    r.sid = 4012;
    r.argv = {"sh", "-c", "echo \"a\\b\"\t\n"};
    r.started_ms = 1'794'496'977'693;
    r.ended_ms = 1'795'244'122'549;
    r.status = sys::ExitStatus::exited(3);
    r.shell = "12.345";
    r.project = "/home/me/shop";
    r.in_project = true;
    r.port = 6390;
    return r;
}

std::string head_of(const Record& r) {
    std::string out = r.id + '|' + r.name + '|' + std::string(run::state_name(r.state)) + '|' +
                      r.result.str() + '|' + std::to_string(r.pid) + '|' + std::to_string(r.pgid) + '|' +
                      std::to_string(r.sid) + '|' + std::to_string(r.started_ms) + '|' +
                      std::to_string(r.ended_ms.value_or(-1)) + '|' + std::to_string(r.status.known) +
                      std::to_string(r.status.code) + ',' + std::to_string(r.status.signal) + '|' + r.shell +
                      '|' + r.project + '|' + std::to_string(r.in_project) + '|' + std::to_string(r.version);
    out += '|' + std::to_string(r.port);
    for (const std::string& tag : r.tags) out += '#' + tag;
    for (const std::string& word : r.argv) out += '\'' + word;
    return out;
}

void compare(const std::string& text) {
    Record quick;
    if (!run::scan_finished_head(text, "7f3c2a", quick)) return;
    const auto slow = run::parse_record(text, "7f3c2a", Depth::head);
    REQUIRE_MESSAGE(slow, text);
    CHECK_MESSAGE(head_of(quick) == head_of(*slow), text);
}

}  // namespace

TEST_CASE("the head of a finished record is read at once") {
    Record r = finished();
    for (const int kind : {0, 1, 2}) {
        if (kind == 1) r.status = sys::ExitStatus::killed(SIGSEGV, true);
        if (kind == 2) {
            r.name = r.shell = "";
            r.result = run::Result::none;
        }
        Record quick;
        REQUIRE(run::scan_finished_head(run::write_record(r), r.id, quick));
        CHECK(head_of(quick) == head_of(r));
        CHECK(quick.status.core == r.status.core);
    }
    r.argv.push_back("gr\u00fc\u00dfe \u6771\u4eac");
    Record quick;
    REQUIRE(run::scan_finished_head(run::write_record(r), r.id, quick));
    CHECK(quick.argv == r.argv);
}

TEST_CASE("the head of an older record has the project, which is behind the head there") {
    for (const bool live : {false, true}) {
        Record r = finished();
        if (live) r.state = run::State::running;
        std::string text = run::write_record(r);
        const std::string project = ",\"project\":\"/home/me/shop\"", flag = ",\"in_project\":true";
        text.erase(text.find(project), project.size());
        text.erase(text.find(flag), flag.size());
        text.insert(text.find(",\"log\":"), project);
        Record quick;
        CHECK(run::scan_finished_head(text, r.id, quick) == !live);
        if (!live) CHECK(quick.project == "/home/me/shop");
        CHECK_FALSE(quick.in_project);
        const auto read = run::parse_record(text, r.id, Depth::head);
        REQUIRE(read);
        CHECK(read->project == "/home/me/shop");
    }
}

TEST_CASE("the name of an older record, whose head ends with the project, is in the shared scope") {
    std::string text = run::write_record(finished());
    const std::string flag = ",\"in_project\":true";
    text.erase(text.find(flag), flag.size());
    Record quick;
    REQUIRE(run::scan_finished_head(text, "7f3c2a", quick));
    CHECK(quick.project == "/home/me/shop");
    CHECK_FALSE(quick.in_project);
}

TEST_CASE("a record that may not be finished, or not be written by sigmund, is left to the parser") {
    Record r = finished(), quick;
    CHECK_FALSE(run::scan_finished_head(run::write_record(r), "7f3c2b", quick));
    r.state = run::State::running;
    CHECK_FALSE(run::scan_finished_head(run::write_record(r), r.id, quick));
    r = finished();
    r.argv.push_back("\xff");
    CHECK_FALSE(run::scan_finished_head(run::write_record(r), r.id, quick));
    r = finished();
    r.argv.push_back("\x01");
    CHECK_FALSE(run::scan_finished_head(run::write_record(r), r.id, quick));
    CHECK_FALSE(run::scan_finished_head("", r.id, quick));
    CHECK_FALSE(run::scan_finished_head("{\"version\":2,\"id\":\"7f3c2a", r.id, quick));
}

TEST_CASE("the shortcut and the parser agree on damaged records") {
    Record r = finished();
    r.argv.push_back("\u00fc\u6771");
    const std::string good = run::write_record(r);
    const std::size_t head = good.find("\"restarts\"");
    std::mt19937 random(1);
    static constexpr char bytes[] = "\"\\,:{}[]0129-+.eEnutrl abc/\x01\x7f\xc3\x80\xe0\xed\xbf";
    for (int round = 0; round < 20'000; ++round) {
        std::string text = good;
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % (head + 10);
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
