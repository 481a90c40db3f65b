// SPDX-License-Identifier: Apache-2.0
#include "run/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "run/failure.hpp"
#include "run/folder_ids.hpp"
#include "sys/lock.hpp"
#include "unit/run/save.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

Record minimal(const std::string& id) {
    Record r;
    r.id = id;
    r.pid = r.pgid = r.sid = 4012;
    r.argv = {"x"};
    r.log = "/elsewhere/log";
    return r;
}

}  // namespace

TEST_CASE("a store is made private, and an absent one reads as empty") {
    const test::Scratch scratch;
    const Store none = Store::open(scratch.at("a/b"));
    CHECK_FALSE(none.present());
    CHECK(none.list(Depth::full).empty());
    const Store made = Store::create(scratch.at("a/b"));
    struct stat st {};
    REQUIRE(::stat(scratch.at("a/b").c_str(), &st) == 0);
    CHECK((st.st_mode & 0777) == 0700);
    REQUIRE(::chmod(scratch.at("a/b").c_str(), 0770) == 0);
    CHECK_THROWS_AS(Store::open(scratch.at("a/b")), Failure);
}

TEST_CASE("reserved ids are new and locked, and have a log") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    std::set<std::string> ids;
    for (int i = 0; i < 50; ++i) {
        Reservation reserved = store.reserve(true);
        CHECK(ids.insert(reserved.id).second);
        CHECK(store.id_locked(reserved.id));
        CHECK_FALSE(store.try_lock_id(reserved.id, true));
        CHECK(reserved.log);
        reserved.lock.release();
        CHECK_FALSE(store.id_locked(reserved.id));
        CHECK(store.remove(reserved.id, store.try_lock_id(reserved.id, true)) == 0);
    }
    CHECK(store.files().empty());
}

TEST_CASE("a saved record is loaded, and a link or another kind of file is not read as a record") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    REQUIRE(test::save(store, minimal("aaaaaa"), sys::Durable::yes) == 0);
    Record record;
    CHECK(store.load("aaaaaa", Depth::full, record) == Read::ok);
    CHECK(record.log == "/elsewhere/log");
    CHECK(store.load("bbbbbb", Depth::full, record) == Read::absent);

    scratch.write("store/bbbbbb.json", "{\"id\":\"bbb");
    scratch.write("outside.json", "{}");
    REQUIRE(::symlink(scratch.at("store/aaaaaa.json").c_str(), scratch.at("store/cccccc.json").c_str()) == 0);
    REQUIRE(::mkfifo(scratch.at("store/dddddd.json").c_str(), 0600) == 0);
    REQUIRE(::mkdir(scratch.at("store/eeeeee.json").c_str(), 0700) == 0);
    scratch.write("store/ffffff.json", std::string(1 << 20, ' ') + "{}");
    scratch.write("store/0x.json", "{}");
    for (const char* id : {"bbbbbb", "cccccc", "dddddd", "eeeeee", "ffffff"}) {
        Record other;
        CHECK_MESSAGE(store.load(id, Depth::full, other) == Read::corrupt, id);
    }
    std::vector<std::string> corrupt;
    CHECK(store.list(Depth::head, &corrupt).size() == 1);
    CHECK(std::set<std::string>(corrupt.begin(), corrupt.end()) ==
          std::set<std::string>{"bbbbbb", "cccccc", "dddddd", "eeeeee", "ffffff"});
}

TEST_CASE("a record that is too long is not written, and the old one stays") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    Record record = minimal("aaaaaa");
    REQUIRE(test::save(store, record, sys::Durable::no) == 0);
    record.argv.assign(10, std::string(1000, 'x'));
    CHECK(test::save(store, record, sys::Durable::no, 10'000) == EOVERFLOW);
    Record old;
    REQUIRE(store.load("aaaaaa", Depth::full, old) == Read::ok);
    CHECK(old.argv != record.argv);
    CHECK(test::save(store, record, sys::Durable::no) == 0);
}

TEST_CASE("a record up to the limit is read, and a longer file, or one without a record's ends, is not") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    Record record = minimal("aaaaaa");
    record.argv.assign(60, std::string(1 << 20, 'x'));
    REQUIRE(test::save(store, record, sys::Durable::no) == 0);
    Record again;
    CHECK(store.load("aaaaaa", Depth::head, again) == Read::ok);
    CHECK(again.argv.size() == 60);
    const std::string path = scratch.at("store/aaaaaa.json");
    REQUIRE(::truncate(path.c_str(), 40 << 20) == 0);
    CHECK(store.load("aaaaaa", Depth::head, again) == Read::corrupt);
    REQUIRE(::truncate(path.c_str(), (64 << 20) + 1) == 0);
    CHECK(store.load("aaaaaa", Depth::head, again) == Read::corrupt);
}

TEST_CASE("an id without a record is listed if a guardian may live: by its lock or its socket") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const Reservation held = store.reserve(false);
    scratch.write("store/bbbbbb.lock", "");
    scratch.write("store/cccccc.sock", "");
    REQUIRE(test::save(store, minimal("aaaaaa"), sys::Durable::no) == 0);
    std::set<std::string> ids;
    store.each_id([&](const std::string& id) { ids.insert(id); });
    CHECK(ids == std::set<std::string>{"aaaaaa", "cccccc", held.id});
}

TEST_CASE("ids that have a guardian's socket are given first") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    for (const char* id : {"aaaaaa", "bbbbbb", "cccccc", "dddddd"})
        REQUIRE(test::save(store, minimal(id)) == 0);
    for (const char* first : {"aaaaaa", "dddddd"}) {
        const std::string socket = "store/" + std::string(first) + ".sock";
        scratch.write(socket, "");
        std::vector<std::string> ids;
        store.each_id([&](const std::string& id) { ids.push_back(id); });
        REQUIRE(ids.size() == 4);
        CHECK(ids.front() == first);
        REQUIRE(::unlink(scratch.at(socket).c_str()) == 0);
    }
}

TEST_CASE("a record that names another id than its file is refused") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    REQUIRE(test::save(store, minimal("aaaaaa"), sys::Durable::no) == 0);
    REQUIRE(::rename(scratch.at("store/aaaaaa.json").c_str(), scratch.at("store/bbbbbb.json").c_str()) == 0);
    Record record;
    CHECK(store.load("bbbbbb", Depth::full, record) == Read::corrupt);
}

TEST_CASE("a name is held by one run, and leaves no file") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    Store::NameLock first = store.lock_name({"web", ""}, "aaaaaa");
    REQUIRE(first.lock);
    const Store::NameLock second = store.lock_name({"web", ""}, "bbbbbb");
    CHECK_FALSE(second.lock);
    CHECK(second.holder == "aaaaaa");
    CHECK(store.name_holder({"web", ""}) == "aaaaaa");
    store.unlock_name({"web", ""}, std::move(first.lock));
    CHECK_FALSE(store.name_holder({"web", ""}));
    CHECK(::access(scratch.at("store/names/web").c_str(), F_OK) != 0);
}

TEST_CASE("each project has names of its own, whose files older versions do not take for names") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const ScopedName shared{"web", ""}, a{"web", "/a"}, b{"web", "/b"};
    Store::NameLock first = store.lock_name(shared, "aaaaaa");
    Store::NameLock second = store.lock_name(a, "bbbbbb");
    Store::NameLock third = store.lock_name(b, "cccccc");
    CHECK(first.lock);
    CHECK(second.lock);
    CHECK(third.lock);
    CHECK(store.lock_name(a, "dddddd").holder == "bbbbbb");
    CHECK(store.name_holder(b) == "cccccc");
    CHECK(store.shared_name_held_by("aaaaaa") == "web");
    CHECK(store.shared_name_held_by("bbbbbb").empty());
    store.unlock_name(a, std::move(second.lock));
    CHECK_FALSE(store.name_holder(a));
    CHECK(store.name_holder(shared) == "aaaaaa");
    // What no process holds is swept, unless a run with that name lives.
    Record bereft;
    bereft.id = "cccccc";
    bereft.name = "web";
    bereft.project = "/b";
    bereft.in_project = true;
    bereft.pid = 4012;
    REQUIRE(test::save(store, bereft, sys::Durable::no) == 0);
    third.lock.reset();
    store.sweep_names([](const Record& holder) { return holder.id == "cccccc"; });
    CHECK(store.name_left_by(b) == "cccccc");
    store.sweep_names([](const Record&) { return false; });
    CHECK_FALSE(store.name_left_by(b));
    CHECK(store.name_holder(shared) == "aaaaaa");
}

TEST_CASE("the files of an id are listed together, whatever else is there") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    for (const char* name : {"aaaaaa.json", "aaaaaa.log", "aaaaaa.log.1", "aaaaaa0.json", "names", "zz",
                             "aaaaaa", ".aaaaaa.json"})
        scratch.write("store/" + std::string(name), "");
    const auto files = store.files();
    REQUIRE(files.size() == 2);
    CHECK(files[0].id == "aaaaaa");
    CHECK(files[0].files == std::vector<std::string>{"aaaaaa.json", "aaaaaa.log", "aaaaaa.log.1"});
    CHECK(files[1].files == std::vector<std::string>{"aaaaaa0.json"});
    CHECK(id_of_file("aaaaaa.json", ".json") == "aaaaaa");
    CHECK_FALSE(id_of_file("aaaa.json", ".json"));
    CHECK_FALSE(id_of_file("../aaaaaa.json", ".json"));
}

TEST_CASE("nothing is written or removed without the lock of its id") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    CHECK(store.save(minimal("aaaaaa"), IdLock(), sys::Durable::no) == EBADF);
    CHECK(!store.save_unsynced(minimal("aaaaaa"), IdLock()));
    REQUIRE(test::save(store, minimal("aaaaaa")) == 0);
    CHECK(store.remove("aaaaaa", IdLock()) == EBADF);
    Record record;
    CHECK(store.load("aaaaaa", Depth::full, record) == Read::ok);
}

TEST_CASE("an overview tells what may be live, and which of the others were written last") {
    const test::Scratch scratch;
    const Store store = Store::create(scratch.at("store"));
    const auto age = [&](const std::string& id, int seconds) {
        const timespec times[2] = {{1'000'000 - seconds, 0}, {1'000'000 - seconds, 0}};
        REQUIRE(::utimensat(AT_FDCWD, scratch.at("store/" + id + ".json").c_str(), times, 0) == 0);
    };
    int seconds = 0;
    for (const char* id : {"aaaaaa", "bbbbbb", "cccccc", "dddddd"}) {
        REQUIRE(test::save(store, minimal(id)) == 0);
        scratch.write("store/" + std::string(id) + ".lock", "");
        age(id, ++seconds);
    }
    REQUIRE(test::save(store, minimal("eeeeee")) == 0);
    REQUIRE(::unlink(scratch.at("store/eeeeee.lock").c_str()) <= 0);  // as version 1 leaves it
    scratch.write("store/dddddd.sock", "");
    const Reservation starting = store.reserve(false);

    Overview seen = store.overview(2, 1);
    std::sort(seen.perhaps_live.begin(), seen.perhaps_live.end());
    std::vector<std::string> expected{"dddddd", "eeeeee", starting.id};
    std::sort(expected.begin(), expected.end());
    CHECK(seen.perhaps_live == expected);
    CHECK(seen.newest == std::vector<std::string>{"aaaaaa", "bbbbbb"});
    CHECK(seen.others == 1);
    CHECK(seen.other_ids == std::vector<std::string>{"cccccc"});

    seen = store.overview(0);
    CHECK(seen.perhaps_live.size() == 3);
    CHECK(seen.newest.empty());
    CHECK(seen.others == 3);
    CHECK(seen.other_ids.empty());
    CHECK(store.overview(2, 0, 0).newest.size() == 2);
    CHECK(Store::absent().overview(10).perhaps_live.empty());
}

TEST_CASE("an id is the same after it was a number, and a set of ids has those that were put into it") {
    IdSet set(1'000);
    for (const char* id : {"000000", "ffffff", "0a0b0c", "ffffffffff", "0000000001", "12345678"})
        CHECK(id_of_number(number_of_id(id)) == id);
    for (IdNumber id = 0; id < 1'000; ++id) set.insert(0x1000000 + id * id);
    for (IdNumber id = 0; id < 1'000; ++id) CHECK(set.contains(0x1000000 + id * id));
    CHECK_FALSE(set.contains(0x1000000 + 2));
}
