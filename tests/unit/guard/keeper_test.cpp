// SPDX-License-Identifier: Apache-2.0
// The record and its files, as the keeper handles them.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "rooms.hpp"
#include "run/shell_marks.hpp"

using namespace sigmund;
using namespace sigmund::guard;
using test::Rooms;
namespace fs = std::filesystem;

// Only the keeper can change the record.
static_assert(std::is_same_v<decltype(std::declval<Host&>().record()), const run::Record&>);
static_assert(std::is_same_v<decltype(std::declval<Keeper&>().record()), const run::Record&>);

TEST_CASE("each fact is in the record once it is saved, and a known fact makes no save due") {
    Rooms rooms;
    rooms.lives.members()[0].state.phase = Phase::running;
    const Fact facts[] = {Readiness{true}, ReadyDetail{"by 12"}, HealthState{"healthy"}, StatusText{"busy"}};
    for (const Fact& fact : facts) rooms.keeper.learn(fact);
    rooms.keeper.save_if_due();
    CHECK(rooms.shown == 1);
    const run::Record record = rooms.written();
    CHECK(record.ready == true);
    CHECK(record.ready_detail == "by 12");
    CHECK(record.health == "healthy");
    CHECK(record.status_text == "busy");
    for (const Fact& fact : facts) rooms.keeper.learn(fact);
    rooms.keeper.save_if_due();
    CHECK(rooms.shown == 1);
    rooms.keeper.learn(DiskChanges{"modified\ta"});  // those who follow events must get it
    rooms.keeper.save_if_due();
    CHECK(rooms.shown == 2);
}

TEST_CASE("the last results are kept, and a repeated failed start is one of them") {
    Rooms rooms;
    for (int i = 0; i < 20; ++i) {
        rooms.keeper.life_followed(
            {run::Result::of(sys::ExitStatus::exited(i)), run::EndedBy::itself, {}, -1, 0});
        rooms.keeper.start_failed(ENOENT);
        rooms.keeper.start_failed(ENOENT);
    }
    const run::Record& record = rooms.keeper.record();
    CHECK(record.results.size() == 8);
    CHECK(record.results.back() == run::Result::not_executed(ENOENT));
    CHECK(record.results[record.results.size() - 2] == run::Result::of(sys::ExitStatus::exited(19)));
    CHECK(record.lives.size() == run::lives_kept);
}

TEST_CASE("damage that others did to the files of a run is repaired") {
    Rooms rooms;
    REQUIRE(rooms.keeper.write_start() == 0);
    const fs::path store = rooms.store.path();
    const auto file = [&](const char* ending) { return store / (rooms.id() + ending); };
    CHECK(!rooms.keeper.mend());

    fs::remove(file(".json"));
    CHECK(!rooms.keeper.mend());
    CHECK(rooms.written().id == rooms.id());

    std::ofstream(file(".json"), std::ios::trunc) << "garbage";
    CHECK(!rooms.keeper.mend());
    CHECK(rooms.written().id == rooms.id());

    fs::remove(file(".json"));
    fs::create_directories(file(".json") / "somebody's");
    CHECK(!rooms.keeper.mend());
    CHECK(rooms.written().id == rooms.id());
    CHECK(fs::exists(store / ("damaged." + rooms.id() + ".json.1") / "somebody's"));

    fs::remove(file(".lock"));
    CHECK(!rooms.keeper.mend());
    CHECK(rooms.store.id_locked(rooms.id()));

    fs::remove(file(".sock"));
    const sys::Fd listener = rooms.keeper.mend();
    CHECK(listener);
    CHECK(rooms.store.connect(rooms.id(), 1'000));
}

TEST_CASE("a removed store is not made again, and another one in its place is used") {
    Rooms rooms;
    REQUIRE(rooms.keeper.write_start() == 0);
    fs::remove_all(rooms.store.path());
    CHECK(!rooms.keeper.mend());
    CHECK(!fs::exists(rooms.store.path()));
    rooms.keeper.learn(StatusText{"alone"});
    rooms.keeper.save_if_due();
    CHECK(rooms.keeper.deadline() > sys::monotonic_ms());  // it will be tried again
    const run::Store again = run::Store::create(rooms.store.path());
    rooms.keeper.retry_now();
    CHECK(rooms.keeper.deadline() == -1);
    run::Record record;
    CHECK(again.read(rooms.id(), run::Depth::full, record) == run::Read::ok);
    CHECK(record.status_text == "alone");
}

TEST_CASE("a failed save is tried again later and later, and at once for a client that asks") {
    Rooms rooms;
    const auto pause_after = [&] {
        rooms.keeper.retry_if_due(rooms.keeper.deadline());
        return rooms.keeper.deadline() - sys::monotonic_ms();
    };
    fs::remove_all(rooms.store.path());  // without a store nothing can be written
    rooms.keeper.save_soon();
    rooms.keeper.save_if_due();
    const Millis first = rooms.keeper.deadline() - sys::monotonic_ms();
    CHECK(first > 500);
    CHECK(first <= 1'000);
    const Millis second = pause_after();
    CHECK(second > 1'500);
    CHECK(second <= 2'000);
    for (int i = 0; i < 10; ++i) CHECK(pause_after() <= 60'000);
    CHECK(pause_after() > 59'000);
}

TEST_CASE("name, tags, keep and shell are changed on request and written at once") {
    Rooms rooms;
    using run::Field;
    const auto set = [&](Field field, const std::string& value) {
        return rooms.keeper.change({.kind = run::Request::Kind::set, .field = field, .value = value});
    };
    CHECK(set(Field::name, "web").ok());
    CHECK(rooms.written().name == "web");
    CHECK(rooms.store.name_holder({"web", ""}) == rooms.id());
    CHECK(set(Field::name, "api").ok());
    CHECK(!rooms.store.name_holder({"web", ""}));
    CHECK(rooms.store.name_holder({"api", ""}) == rooms.id());
    CHECK(set(Field::name, "a b/c").text == "invalid name");
    const auto taken = rooms.store.lock_name({"db", ""}, "0aaaaa");
    REQUIRE(taken.lock);
    CHECK(set(Field::name, "db").name_taken());
    CHECK(rooms.keeper.record().name == "api");
    CHECK(set(Field::name, "").ok());
    CHECK(!rooms.store.name_holder({"api", ""}));

    CHECK(set(Field::tags, "a,b").ok());
    CHECK(set(Field::add_tags, "c,a").ok());
    CHECK(rooms.written().tags == std::vector<std::string>{"b", "c", "a"});
    CHECK(set(Field::remove_tags, "b,x").ok());
    CHECK(rooms.written().tags == std::vector<std::string>{"c", "a"});
    CHECK(set(Field::tags, "a b,c/d").text == "invalid tags");
    CHECK(set(Field::tags, "a,,b").text == "invalid tags");
    CHECK(set(Field::tags, ",").text == "invalid tags");
    CHECK(rooms.written().tags == std::vector<std::string>{"c", "a"});
    // Guardians have always taken a comma at the end of the list.
    CHECK(set(Field::add_tags, "d,").ok());
    CHECK(set(Field::remove_tags, "c,a,").ok());
    CHECK(rooms.written().tags == std::vector<std::string>{"d"});
    CHECK(set(Field::keep, "1").ok());
    CHECK(rooms.written().keep);
    CHECK(set(Field::shell, "-").ok());
}

TEST_CASE("a run goes from one shell to another with its mark, and only from the shell that has it") {
    Rooms rooms;
    const run::ShellMarks marks(rooms.store);
    const std::string first = "2000000001.1", second = "2000000002.1";
    const std::vector<std::string> marked{rooms.id()};
    CHECK(rooms.keeper.change({.field = run::Field::keep, .value = "1"}).ok());
    CHECK(rooms.keeper.give_to_shell(first, "").ok());
    CHECK(rooms.written().shell == first);
    CHECK(!rooms.written().keep);
    CHECK(marks.live(first) == marked);
    CHECK(!rooms.keeper.give_to_shell(second, "").ok());
    CHECK(rooms.written().shell == first);
    CHECK(marks.live(second).empty());
    CHECK(rooms.keeper.give_to_shell(first, first).ok());
    CHECK(marks.live(first) == marked);
    CHECK(rooms.keeper.give_to_shell(second, first).ok());
    CHECK(marks.live(first).empty());
    CHECK(marks.live(second) == marked);
    // Two shells have seen the same kept run. It is the same shell that owned it before, but no longer no shell.
    CHECK(rooms.keeper.change({.field = run::Field::keep, .value = "1"}).ok());
    CHECK(!rooms.keeper.give_to_shell(first, second).ok());
    CHECK(rooms.keeper.give_to_shell(second, "").ok());
    CHECK(!rooms.keeper.give_to_shell(first, "").ok());
    CHECK(marks.live(first).empty());
    CHECK(marks.live(second) == marked);
    rooms.keeper.finish();
    CHECK(marks.live(second).empty());
    CHECK(marks.ended(second) == marked);
}

TEST_CASE("a run that leaves its shell loses its mark") {
    Rooms rooms;
    CHECK(rooms.keeper.give_to_shell("2000000001.1", "").ok());
    CHECK(rooms.keeper.change({.field = run::Field::shell, .value = "-"}).ok());
    CHECK(rooms.written().shell.empty());
    CHECK(run::ShellMarks(rooms.store).live("2000000001.1").empty());
}

TEST_CASE("a change that cannot be written is taken back") {
    Rooms rooms;
    const std::vector<std::string> tags = rooms.keeper.record().tags;
    fs::remove_all(rooms.store.path());
    const auto answer =
        rooms.keeper.change({.kind = run::Request::Kind::set, .field = run::Field::tags, .value = "a"});
    CHECK(answer.kind == run::Answer::Kind::done);
    CHECK(!answer.ok());
    CHECK(rooms.keeper.record().tags == tags);
    CHECK(!rooms.keeper.give_to_shell("2000000001.1", "").ok());
    CHECK(rooms.keeper.record().shell.empty());
    CHECK(run::ShellMarks(rooms.store).live("2000000001.1").empty());
}

TEST_CASE("the copy of a record is whole, also where nothing can be written") {
    Rooms rooms;
    fs::remove_all(rooms.store.path());
    const sys::Fd file = rooms.keeper.copy();
    REQUIRE(file);
    CHECK(::lseek(file.get(), 0, SEEK_SET) == 0);
    std::string text;
    CHECK(sys::read_all(file.get(), text, 1 << 20) == 0);
    CHECK(run::parse_record(text, rooms.id(), run::Depth::full));
}

TEST_CASE("the end is written before it is reported, and is final") {
    Rooms rooms;
    rooms.lives.members()[0].state.phase = Phase::ended;
    rooms.lives.members()[0].state.status = sys::ExitStatus::exited(3);
    rooms.keeper.finish();
    CHECK(rooms.over == 1);
    CHECK(rooms.keeper.over());
    const run::Record record = rooms.written();
    CHECK(record.state == run::State::exited);
    CHECK(record.result == run::Result::of(sys::ExitStatus::exited(3)));
}

TEST_CASE("an end that cannot be written is tried again until a client does without it") {
    Rooms rooms;
    rooms.lives.members()[0].state.phase = Phase::ended;
    // The file is neither removed nor renamed, since the store itself may not be changed.
    if (::geteuid() == 0) return;  // root may change it
    ::chmod(rooms.store.path().c_str(), 0500);
    rooms.keeper.finish();
    CHECK(rooms.over == 0);
    CHECK(rooms.keeper.deadline() > 0);
    rooms.keeper.discard();
    CHECK(rooms.over == 1);
    ::chmod(rooms.store.path().c_str(), 0700);
}

TEST_CASE("sigmund's own lines begin on a fresh line and are escaped") {
    Rooms rooms;
    const std::string path = rooms.store.log_path(rooms.id());
    std::ofstream(path, std::ios::app) << "half a line";
    rooms.keeper.log().note("seen \x1b[0m");
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK(text.starts_with("half a line\nsigmund: "));
    CHECK(text.find('\x1b') == text.npos);
}
