// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "text/time_index.hpp"

using namespace sigmund::text;

namespace {

constexpr std::int64_t noon = 1'795'262'400'000;

TimeIndex decoded(std::string_view bytes) {
    TimeIndex index;
    index.feed(bytes);
    return index;
}

}  // namespace

TEST_CASE("an index says when each part of a log was written") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(123);
    bytes += encoder.entry({0, noon});
    bytes += encoder.entry({100, noon + 5'000});
    bytes += encoder.entry({250, noon + 5'001});
    const TimeIndex index = decoded(bytes);
    CHECK(index.log() == 123);
    CHECK(index.at(0) == noon);
    CHECK(index.at(99) == noon);
    CHECK(index.at(100) == noon + 5'000);
    CHECK(index.at(1'000'000) == noon + 5'001);
    CHECK_FALSE(index.at(-1).has_value());
    CHECK(index.first_since(noon - 1)->offset == 0);
    CHECK(index.first_since(noon + 1)->offset == 100);
    CHECK(index.first_since(noon + 5'001)->offset == 250);
    CHECK_FALSE(index.first_since(noon + 5'002).has_value());
}

TEST_CASE("text before the first entry has no time") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(1);
    bytes += encoder.entry({500, noon});
    const TimeIndex index = decoded(bytes);
    CHECK_FALSE(index.at(499).has_value());
    CHECK(index.at(500) == noon);
}

TEST_CASE("no entry is written while no time passes, and a clock that is set back is kept") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(1);
    bytes += encoder.entry({0, noon});
    CHECK(encoder.entry({10, noon}).empty());
    bytes += encoder.entry({20, noon - 3'600'000});
    CHECK(decoded(bytes).at(20) == noon - 3'600'000);
    CHECK(decoded(bytes).at(19) == noon);
}

TEST_CASE("text that is written later than meant has the later time") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(1);
    bytes += encoder.entry({0, noon});
    bytes += encoder.entry({50, noon + 1});
    bytes += encoder.entry({50, noon + 60'000});  // the disk was full before
    CHECK(decoded(bytes).at(50) == noon + 60'000);
    CHECK(decoded(bytes).at(49) == noon);
}

TEST_CASE("an index stays below one per cent of a big log, and keeps room for the long pauses") {
    TimeIndexEncoder encoder;
    std::size_t size = encoder.begin(1).size(), pauses = 0;
    std::int64_t offset = 0, now = noon;
    for (; offset < 20'000'000; offset += 40) {
        const bool pause = offset % 400'000 == 0;
        now += pause ? 1'000 : 1;
        const std::size_t bytes = encoder.entry({offset, now}).size();
        size += bytes;
        if (pause && bytes > 0) ++pauses;
    }
    CHECK(size <= 200'000);
    CHECK(size > 50'000);
    CHECK(pauses == 50);
}

TEST_CASE("a log that grows slowly has the time of each line") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(1);
    for (int i = 0; i < 8'000; ++i) bytes += encoder.entry({i * 80, noon + i * 60'000});
    CHECK(bytes.size() <= 65'536);
    const TimeIndex index = decoded(bytes);
    int right = 0;
    for (int i = 0; i < 8'000; ++i) right += index.at(i * 80) == noon + i * 60'000 ? 1 : 0;
    CHECK(right == 8'000);
}

TEST_CASE("pieces of an index mean the same as the whole") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(99);
    for (int i = 0; i < 300; ++i) bytes += encoder.entry({i * 1'000, noon + i * 1'500});
    TimeIndex index;
    for (const char c : bytes) index.feed({&c, 1});
    for (int i = 0; i < 300; ++i) CHECK(index.at(i * 1'000) == noon + i * 1'500);
}

TEST_CASE("damage loses the entries up to the next anchor, and no others") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(99);
    for (int i = 0; i < 300; ++i) bytes += encoder.entry({i * 1'000, noon + i * 1'500});
    for (std::size_t at = encoder.begin(99).size(); at < bytes.size(); at += 13) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        const TimeIndex index = decoded(damaged);
        int right = 0;
        for (int i = 0; i < 300; ++i) {
            const auto found = index.at(i * 1'000);
            if (found == noon + i * 1'500) ++right;
            // A time that is not known is that of an earlier entry.
            if (found) CHECK(*found <= noon + i * 1'500);
        }
        CHECK(right >= 300 - 66);
    }
}

TEST_CASE("a torn entry is skipped, and who continues begins with an anchor") {
    TimeIndexEncoder encoder, heir;
    std::string bytes = encoder.begin(99);
    bytes += encoder.entry({0, noon});
    const std::string torn = encoder.entry({100'000, noon + 5'000});
    for (std::size_t size = 0; size < torn.size(); ++size) {
        std::string file = bytes + torn.substr(0, size);
        heir.resume(static_cast<std::int64_t>(file.size()));
        file += heir.entry({200'000, noon + 9'000});
        CHECK(decoded(file).at(150'000) == noon);
        CHECK(decoded(file).at(200'000) == noon + 9'000);
    }
}

TEST_CASE("an entry that could not be written is not counted on") {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(99);
    bytes += encoder.entry({0, noon});
    encoder.lost(encoder.entry({10, noon + 1}).size());
    bytes += encoder.entry({20, noon + 2});
    CHECK(decoded(bytes).at(20) == noon + 2);
    CHECK(decoded(bytes).at(19) == noon);
}

TEST_CASE("what is no index has no entries") {
    TimeIndexEncoder encoder;
    encoder.begin(1);
    const std::string entry = encoder.entry({0, noon});
    for (const std::string& head :
         {std::string(), std::string("\n"), std::string("sigmund-times/2 log=1\n"),
          std::string("sigmund-times/1 log=\n"), std::string("sigmund-times/1 log=1x\n"),
          std::string(100, 'x'), std::string("sigmund-times/1 log=1"),
          std::string("sigmund-times/1 log=99999999999999999999999\n")}) {
        CAPTURE(head);
        const TimeIndex index = decoded(head + entry);
        CHECK(index.empty());
    }
}
