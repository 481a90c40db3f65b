// SPDX-License-Identifier: Apache-2.0
#include "run/shell_marks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "run/this_boot.hpp"
#include "sys/lock.hpp"
#include "sys/procfs.hpp"
#include "unit/run/save.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

constexpr const char* closed_shell = "2000000001.1";

Record ended(const std::string& id, const std::string& boot, std::uint64_t pid_namespace) {
    Record r;
    r.id = id;
    r.pid = r.pgid = r.sid = 4012;
    r.state = State::exited;
    r.shell = closed_shell;
    r.identity.boot_id = boot;
    r.identity.pid_ns = pid_namespace;
    return r;
}

}  // namespace

TEST_CASE("a mark follows its run from the start to the end, and its folder goes with the last one") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    REQUIRE(marks.add(closed_shell, "aaaaaa") == 0);
    REQUIRE(marks.add(closed_shell, "bbbbbb") == 0);
    CHECK(marks.live(closed_shell).size() == 2);
    CHECK(marks.path_of(closed_shell, "aaaaaa") == scratch.at("store/shells/2000000001.1/run.aaaaaa"));
    marks.end(closed_shell, "aaaaaa");
    CHECK(marks.live(closed_shell) == std::vector<std::string>{"bbbbbb"});
    CHECK(marks.ended(closed_shell) == std::vector<std::string>{"aaaaaa"});
    marks.drop_ended(closed_shell, "aaaaaa");
    CHECK(::access(scratch.at("store/shells/2000000001.1").c_str(), F_OK) == 0);
    marks.drop_live(closed_shell, "bbbbbb");
    CHECK(::access(scratch.at("store/shells/2000000001.1").c_str(), F_OK) != 0);
}

TEST_CASE("a file that is not named after a shell or a run is not a mark") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    REQUIRE(marks.add(closed_shell, "aaaaaa") == 0);
    scratch.write("store/shells/2000000001.1/run.", "");
    scratch.write("store/shells/2000000001.1/run.x", "");
    scratch.write("store/shells/2000000001.1/other", "");
    CHECK(marks.live(closed_shell) == std::vector<std::string>{"aaaaaa"});
    CHECK(marks.live("../2000000001.1").empty());
    CHECK(marks.live("").empty());
}

TEST_CASE("the sweep removes only marks of this boot and PID namespace, and none of a start under way") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    const std::uint64_t here = sys::pid_namespace();
    const std::string elsewhere = "11111111-2222-3333-4444-555555555555";
    REQUIRE(test::save(store, ended("aaaaa1", this_boot(), here), sys::Durable::no) == 0);
    REQUIRE(test::save(store, ended("aaaaa2", elsewhere, here), sys::Durable::no) == 0);
    REQUIRE(test::save(store, ended("aaaaa3", this_boot(), here + 1), sys::Durable::no) == 0);
    const Reservation starting = store.reserve(false);
    for (const std::string& id : {std::string("aaaaa1"), std::string("aaaaa2"), std::string("aaaaa3"),
                                  std::string("aaaaa4"), starting.id}) {
        REQUIRE(marks.add(closed_shell, id) == 0);
        REQUIRE(marks.add("2000000002.2", id) == 0);
        marks.end("2000000002.2", id);
    }
    marks.sweep_closed(View::of(store));
    for (auto left : {marks.live(closed_shell), marks.ended("2000000002.2")}) {
        std::sort(left.begin(), left.end());
        std::vector<std::string> expected{"aaaaa2", "aaaaa3", starting.id};
        std::sort(expected.begin(), expected.end());
        CHECK(left == expected);
    }
}

TEST_CASE("the mark that an interrupted adoption has left is swept, and that of a finished one is kept") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    const View view = View::of(store);
    const std::string adopter = "2000000002.2";
    Record live = ended("aaaaaa", this_boot(), sys::pid_namespace());
    live.state = State::running;
    Judged before{live, {}};
    before.verdict.state = State::running;
    REQUIRE(marks.add(adopter, live.id) == 0);
    REQUIRE(test::save(store, live, sys::Durable::no) == 0);
    marks.sweep_live(adopter, live.id, before, view);
    CHECK(marks.live(adopter).empty());
    REQUIRE(marks.add(adopter, live.id) == 0);
    live.shell = adopter;
    REQUIRE(test::save(store, live, sys::Durable::no) == 0);
    marks.sweep_live(adopter, live.id, before, view);
    CHECK(marks.live(adopter) == std::vector<std::string>{live.id});
}

TEST_CASE("orphans are news until they have been remembered") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    REQUIRE(marks.add(closed_shell, "aaaaaa") == 0);
    CHECK(marks.remember_orphans({"aaaaaa"}));
    CHECK_FALSE(marks.remember_orphans({"aaaaaa"}));
    CHECK(marks.remember_orphans({"aaaaaa", "bbbbbb"}));
    CHECK_FALSE(marks.remember_orphans({"aaaaaa", "bbbbbb"}));
    CHECK_FALSE(marks.remember_orphans({"bbbbbb"}));
    CHECK_FALSE(marks.remember_orphans({}));
    CHECK(marks.remember_orphans({"bbbbbb"}));
    marks.forget_orphan("aaaaaa");
    CHECK_FALSE(marks.remember_orphans({"bbbbbb"}));
    CHECK(marks.remember_orphans({"aaaaaa", "bbbbbb", "cccccc"}));
    marks.forget_orphan("bbbbbb");
    CHECK_FALSE(marks.remember_orphans({"aaaaaa", "cccccc"}));
    CHECK(marks.remember_orphans({"aaaaaa", "bbbbbb"}));
}

TEST_CASE("a question to the prompt looks like a run that has ended, and goes with the notices") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ShellMarks marks(store);
    CHECK(!marks.asked_ms(closed_shell));
    marks.ask(closed_shell);
    const auto asked = marks.asked_ms(closed_shell);
    REQUIRE(asked);
    CHECK(*asked <= sys::realtime_ms() + 1000);
    REQUIRE(marks.ended(closed_shell).size() == 1);
    CHECK(marks.live(closed_shell).empty());
    marks.drop_ended(closed_shell, marks.ended(closed_shell)[0]);
    CHECK(!marks.asked_ms(closed_shell));
    CHECK(!std::filesystem::exists(scratch.at("store/shells/") + closed_shell));
    marks.ask("../x");
    CHECK(!marks.asked_ms("../x"));
}
