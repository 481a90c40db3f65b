// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_screen.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/fd.hpp"

using namespace sigmund;

namespace {

// A screen whose output is read from a pipe. A pipe has no size, so COLUMNS has it.
class Output {
  public:
    Output() {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        from_.reset(ends[0]);
        to_.reset(ends[1]);
    }
    ~Output() { ::unsetenv("COLUMNS"); }
    int fd() const { return to_.get(); }
    std::string text() const {
        char bytes[4096];
        const ssize_t n = ::read(from_.get(), bytes, sizeof bytes);
        return std::string(bytes, static_cast<std::size_t>(n));
    }

  private:
    sys::Fd from_, to_;
};

}  // namespace

TEST_CASE("the screen draws over its lines, which a smaller window has wrapped") {
    Output output;
    ops::ExitScreen screen(output.fd());
    ::setenv("COLUMNS", "20", 1);
    screen.draw("0123456789\n01234\n", "menu");
    CHECK(output.text() == "0123456789\n01234\nmenu");
    screen.redraw("a\n", "b");
    CHECK(output.text() == "\r\x1b[2A\x1b[Ja\nb");
    screen.redraw("0123456789\n01234\n", "menu");
    CHECK(output.text() == "\r\x1b[1A\x1b[J0123456789\n01234\nmenu");
    ::setenv("COLUMNS", "4", 1);
    screen.redraw("", "b");
    CHECK(output.text() == "\r\x1b[5A\x1b[Jb");  // three lines, two lines and the menu
    screen.redraw("", "c");
    CHECK(output.text() == "\r\x1b[Jc");
}

TEST_CASE("a shorter line of the cursor overwrites all of the longer one") {
    Output output;
    ops::ExitScreen screen(output.fd());
    screen.draw("list\n", "12s");
    CHECK(output.text() == "list\n12s");
    screen.replace_bottom("9s");
    CHECK(output.text() == "\r9s \b");
    screen.replace_bottom("9s");
    screen.replace_bottom("10s");
    CHECK(output.text() == "\r10s");
}
