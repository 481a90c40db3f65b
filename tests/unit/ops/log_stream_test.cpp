// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "ops/log_stream.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"

using namespace sigmund;
using ops::SinceAnswer;

namespace {

// Returns the text from the point that was found, among the first `end` bytes.
std::string rest_since(const std::string& text, sys::Millis since, std::optional<sys::Millis> begun,
                       SinceAnswer expected, off_t end = -1) {
    const sys::Fd fd(::memfd_create("log", MFD_CLOEXEC));
    REQUIRE(::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    const off_t size = end < 0 ? static_cast<off_t>(text.size()) : end;
    CHECK(ops::seek_to_time(fd.get(), size, since, begun) == expected);
    return text.substr(static_cast<std::size_t>(::lseek(fd.get(), 0, SEEK_CUR)));
}

// The same by an index with these entries.
std::string rest_by_index(const std::string& text, sys::Millis since,
                          const std::vector<text::TimeEntry>& entries, SinceAnswer expected) {
    text::TimeIndexEncoder encoder;
    text::TimeIndex index;
    index.feed(encoder.begin(1));
    for (const text::TimeEntry& each : entries) index.feed(encoder.entry(each));
    const sys::Fd fd(::memfd_create("log", MFD_CLOEXEC));
    REQUIRE(::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    CHECK(ops::seek_in_index(fd.get(), static_cast<off_t>(text.size()), since, index) == expected);
    return text.substr(static_cast<std::size_t>(::lseek(fd.get(), 0, SEEK_CUR)));
}

}  // namespace

TEST_CASE("an index tells where the lines of a time begin, also when a line was written in pieces") {
    const std::string text = "one\ntwo\nthree\n";
    CHECK(rest_by_index(text, 100, {{0, 100}, {4, 200}, {8, 300}}, SinceAnswer::found) == text);
    CHECK(rest_by_index(text, 101, {{0, 100}, {4, 200}, {8, 300}}, SinceAnswer::found) == "two\nthree\n");
    CHECK(rest_by_index(text, 300, {{0, 100}, {4, 200}, {8, 300}}, SinceAnswer::found) == "three\n");
    CHECK(rest_by_index(text, 301, {{0, 100}, {4, 200}, {8, 300}}, SinceAnswer::older).empty());
    // "two" was begun before.
    CHECK(rest_by_index(text, 300, {{0, 100}, {6, 300}}, SinceAnswer::found) == "three\n");
    CHECK(rest_by_index("one\ntwo", 300, {{0, 100}, {6, 300}}, SinceAnswer::older).empty());
    // The entry comes before its text.
    CHECK(rest_by_index(text, 300, {{0, 100}, {14, 300}}, SinceAnswer::older).empty());
    CHECK(rest_by_index("", 300, {{0, 300}}, SinceAnswer::empty).empty());
}

TEST_CASE("lines without a time belong to the line before, and the first ones to the beginning") {
    const sys::Millis noon = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
    const std::string at_11 = "2026-11-21T11:00:00Z a\n", at_12 = "2026-11-21T12:00:00Z b\n";
    CHECK(rest_since("x\n" + at_12, noon, noon, SinceAnswer::found) == "x\n" + at_12);
    CHECK(rest_since("x\n" + at_12, noon, noon - 1, SinceAnswer::found) == at_12);
    CHECK(rest_since("x\n" + at_12, noon, {}, SinceAnswer::found) == at_12);
    CHECK(rest_since(at_11 + "x\n" + at_12 + "y\n", noon, noon, SinceAnswer::found) == at_12 + "y\n");
    CHECK(rest_since(at_11 + "x\n", noon, 0, SinceAnswer::older).empty());
    CHECK(rest_since(at_11 + at_12.substr(0, 22), noon, 0, SinceAnswer::found) == at_12.substr(0, 22));
    CHECK(rest_since("x\ny\n", noon, noon, SinceAnswer::found) == "x\ny\n");
    CHECK(rest_since("x\ny\n", noon, noon - 1, SinceAnswer::untimed) == "x\ny\n");
    CHECK(rest_since("", noon, 0, SinceAnswer::empty).empty());
    // Text that was written later does not count.
    CHECK(rest_since(at_11 + at_12, noon, 0, SinceAnswer::older, 23) == at_12);
}
