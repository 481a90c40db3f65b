// SPDX-License-Identifier: Apache-2.0
#include "ops/log_output.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "ops/line_clock.hpp"
#include "sys/fd.hpp"

using namespace sigmund;
using ops::LogOutput;

namespace {

// Returns what is written of these pieces of a log.
std::string written(LogOutput::Shape shape, const std::vector<std::string>& pieces) {
    const sys::Fd fd(::memfd_create("out", MFD_CLOEXEC));
    LogOutput output(fd.get(), std::move(shape));
    off_t offset = 0;
    for (const std::string& piece : pieces) {
        output.write(piece, offset);
        offset += static_cast<off_t>(piece.size());
    }
    output.finish();
    std::string out(static_cast<std::size_t>(::lseek(fd.get(), 0, SEEK_END)), '\0');
    CHECK(::pread(fd.get(), out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()));
    return out;
}

}  // namespace

TEST_CASE("bytes stay as they are, in any pieces, and lines get their prefix") {
    CHECK(written({}, {"a\nb", "c\nd", "e"}) == "a\nbc\nde");
    CHECK(written({.prefix = "web | "}, {"a\nb", "c\n", "d"}) == "web | a\nweb | bc\nweb | d\n");
}

TEST_CASE("an expression chooses lines by the text that a person sees, and shows them as they are") {
    const text::Expression error("^ERROR");
    LogOutput::Shape shape{.choice = {.matching = &error}};
    const std::string red = "\x1b[31mERROR\x1b[0m 1\n";
    CHECK(written(shape, {red.substr(0, 7), red.substr(7) + "fine\nno ERROR\nERR", "OR 2"}) ==
          red + "ERROR 2\n");
    shape.text = ops::LogText::plain;
    shape.prefix = "web | ";
    CHECK(written(shape, {red + "fine\n"}) == "web | ERROR 1\n");
}

TEST_CASE("lines that are held are not written, and only the last ones stay") {
    const sys::Fd fd(::memfd_create("out", MFD_CLOEXEC));
    LogOutput output(fd.get(), {.held = true, .most_held = 2});
    output.write("a\nb\nc\nd", 0);
    CHECK(::lseek(fd.get(), 0, SEEK_END) == 0);
    REQUIRE(output.held().size() == 2);
    CHECK(output.held()[0].text == "b\n");
    CHECK(output.held()[1].text == "c\n");
    output.finish();
    REQUIRE(output.held().size() == 2);
    CHECK(output.held()[1].text == "d\n");
    output.held().clear();
    output.release();
    output.write("e\n", 0);
    CHECK(::lseek(fd.get(), 0, SEEK_END) == 2);
}

TEST_CASE("a line whose time is not known begins with a dash, in as many columns as a time has") {
    const std::string unknown = ops::local_stamp(std::nullopt);
    CHECK(unknown == "-" + std::string(22, ' '));
    CHECK(written({.stamps = true}, {"a\n"}) == unknown + " a\n");
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
    CHECK(ops::local_stamp(1'795'237'811'007) == "2026-11-21 05:10:11.007");
    CHECK(ops::local_stamp(1'795'237'811'007).size() == unknown.size());
    ::unsetenv("TZ");
    ::tzset();
}
