// SPDX-License-Identifier: Apache-2.0
#include "run/target.hpp"

#include <doctest/doctest.h>

#include "run/failure.hpp"
#include "unit/run/save.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

Record finished(const std::string& id, const std::string& name, std::int64_t started, int code = 0) {
    Record r;
    r.id = id;
    r.name = name;
    r.state = State::exited;
    r.status = sys::ExitStatus::exited(code);
    r.result = run::Result::of(sys::ExitStatus::exited(code));
    r.pid = r.pgid = r.sid = 4012;
    r.argv = {"x"};
    r.started_ms = started;
    r.ended_ms = started + 1;
    r.project = code == 0 ? "/p" : "/q";
    r.shell = code == 0 ? "1.1" : "";
    r.tags = {code == 0 ? "good" : "bad"};
    return r;
}

Exit exit_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.exit;
    }
    return Exit::done;
}

}  // namespace

TEST_CASE("every form of a selector is read, and others are refused") {
    CHECK(parse_selector("7f3c2a").kind == Selector::Kind::id_or_name);
    CHECK(parse_selector("web").kind == Selector::Kind::id_or_name);
    CHECK(parse_selector("tag=db").kind == Selector::Kind::tag);
    CHECK(parse_selector("tag=db").word == "db");
    CHECK(parse_selector(":6379").port == 6379);
    CHECK(parse_selector("@").kind == Selector::Kind::newest);
    CHECK(parse_selector("@!").kind == Selector::Kind::newest_failed);
    CHECK(parse_selector("@here").plural());
    CHECK(parse_selector("@shell").plural());
    CHECK(parse_selector("@all").plural());
    CHECK_FALSE(parse_selector("@").plural());
    for (const char* bad : {"", "../../etc/passwd", "tag=", "tag=a/b", ":0", ":65536", ":x", "@nobody", "a b",
                            "-x", "7f3c2a.json", "\x1b[31m"})
        CHECK_MESSAGE(exit_of([&] { parse_selector(bad); }) == Exit::not_found, bad);
}

TEST_CASE("targets are resolved in the order id, name, prefix, and never guessed") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    for (const Record& r : {finished("aaaa11", "web", 10), finished("aaaa22", "web", 20),
                            finished("bbbb11", "", 30, 3), finished("cccccc", "aaab", 40)})
        REQUIRE(test::save(store, r, sys::Durable::no) == 0);
    const View view = View::of(store);
    const auto ids = [&](const std::vector<std::string>& targets) {
        std::string out;
        for (const Judged& run : resolve(view, targets, {"/p", "1.1"}).runs) out += run.record.id + ' ';
        return out;
    };
    CHECK(ids({"bbbb11"}) == "bbbb11 ");
    CHECK(ids({"bbbb"}) == "bbbb11 ");
    CHECK(ids({"web"}) == "aaaa22 ");  // the newest of the finished runs
    CHECK(ids({"aaaa11", "bbbb", "aaaa11"}) == "aaaa11 bbbb11 ");
    CHECK(ids({"@"}) == "cccccc ");
    CHECK(ids({"@!"}) == "bbbb11 ");
    CHECK(ids({"tag=good"}) == "cccccc aaaa22 aaaa11 ");
    CHECK(ids({"@here"}) == "cccccc aaaa22 aaaa11 ");
    CHECK(ids({"@shell"}) == "cccccc aaaa22 aaaa11 ");
    CHECK(ids({"tag=none"}).empty());
    CHECK(ids({"@all"}) == "cccccc bbbb11 aaaa22 aaaa11 ");
    const Found found =
        resolve(view, {"nobody", "web", "@nobody"}, {"/p", "1.1"}, {.some_may_be_missing = true});
    CHECK(found.runs.size() == 1);
    CHECK(found.missing.size() == 2);
    CHECK(exit_of([&] { ids({"aaaa"}); }) == Exit::ambiguous);
    CHECK(exit_of([&] { ids({"dddd"}); }) == Exit::not_found);
    CHECK(exit_of([&] { ids({"nobody"}); }) == Exit::not_found);
}

namespace {

Record finished_in(const std::string& project, const std::string& id, std::int64_t started) {
    Record r = finished(id, "web", started);
    r.project = project;
    r.in_project = project != "/none";
    return r;
}

}  // namespace

TEST_CASE(
    "a name means a run of this project, else one that belongs to none, and never one of another project") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    for (const Record& r : {finished_in("/a", "aaaa11", 10), finished_in("/b", "bbbb11", 20),
                            finished_in("/b", "bbbb22", 30), finished_in("/none", "cccc11", 40)})
        REQUIRE(test::save(store, r) == 0);
    Record older = finished_in("/c", "dddd11", 5);
    older.in_project = false;
    REQUIRE(test::save(store, older) == 0);
    const View view = View::of(store);
    const auto id_in = [&](const std::string& project, bool in_project) {
        return resolve(view, {"web"}, {project, "", in_project}).runs.at(0).record.id;
    };
    CHECK(id_in("/a", true) == "aaaa11");
    CHECK(id_in("/b", true) == "bbbb22");
    CHECK(id_in("/c", true) == "dddd11");  // an older version started it there
    CHECK(id_in("/d", true) == "cccc11");
    CHECK(id_in("/d", false) == "cccc11");
    CHECK(resolve(view, {"@here"}, {"", ""}).runs.empty());
}
