// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_changes.hpp"

#include <doctest/doctest.h>

using namespace sigmund::guard;

TEST_CASE("two changes of one path are combined") {
    using Kind = ChangeKind;
    CHECK(both(Kind::create, Kind::modify) == Kind::create);
    CHECK(both(Kind::modify, Kind::remove) == Kind::remove);
    CHECK(both(Kind::remove, Kind::create) == Kind::modify);
    CHECK(both(Kind::moved_from, Kind::moved_to) == Kind::modify);
    CHECK(both(Kind::moved_to, Kind::modify) == Kind::moved_to);
    CHECK(both(Kind::moved_to, Kind::remove) == Kind::remove);  // it may have replaced another file
    CHECK(both(Kind::rescan, Kind::remove) == Kind::rescan);
    CHECK_FALSE(both(Kind::create, Kind::remove));
    CHECK_FALSE(both(Kind::create, Kind::moved_from));
}

TEST_CASE("changes become variables") {
    Changes changes;
    CHECK(changes.empty());
    changes.add(ChangeKind::create, "/w/temporary");
    changes.add(ChangeKind::remove, "/w/temporary");
    CHECK(changes.empty());
    changes.add(ChangeKind::modify, "/w/a\nb");
    changes.add(ChangeKind::remove, "/w/c");
    CHECK(changes.paths(100) == "/w/a\nb\n/w/c");
    CHECK(changes.lines(100) == "modify\t/w/a\\nb\ndelete\t/w/c");
    CHECK(changes.paths(10) == "/w/a\nb");
    CHECK(changes.lines(20) == "modify\t/w/a\\nb\n...");
    CHECK(changes.lines(5) == "...");
}

TEST_CASE("changes that were left out are marked with dots") {
    Changes changes;
    for (int i = 0; i < 5000; ++i) changes.add(ChangeKind::create, "/w/" + std::to_string(i));
    CHECK(changes.kinds().size() == 4096);
    CHECK(changes.lines(1 << 20).ends_with("\n..."));
}
