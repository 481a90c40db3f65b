// SPDX-License-Identifier: Apache-2.0
// The terminals that are attached to a run, by their ends of the streams.
#include "guard/viewers.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace sigmund;
using namespace sigmund::guard;

namespace {

// The client's side of a viewer.
struct Side {
    int number = 0;
    sys::Fd stream;

    explicit Side(Viewers& viewers, run::Access access = run::Access::type, int rows = 24) {
        number = viewers.add({.columns = 80, .rows = rows, .access = access}, stream);
        REQUIRE(number > 0);
    }
    std::string take() const {
        std::string out;
        char buffer[4096];
        for (ssize_t n = 0; (n = ::recv(stream.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0;)
            out.append(buffer, static_cast<std::size_t>(n));
        return out;
    }
    void type(std::string_view text) const {
        REQUIRE(::send(stream.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    }
};

// One turn of the loop. Returns what was typed.
std::string turn(Viewers& viewers, bool* redraw = nullptr) {
    std::vector<pollfd> set;
    viewers.watch(set, true);
    ::poll(set.data(), set.size(), 0);
    bool again = false;
    std::string out = viewers.fire(
        set, [](std::size_t rows) { return "screen of " + std::to_string(rows); }, again);
    if (redraw) *redraw = again;
    return out;
}

int owner(const Viewers& viewers) {
    return viewers.owner() ? viewers.owner()->number : 0;
}

}  // namespace

TEST_CASE("all viewers see the output, and what they type is passed on") {
    Viewers viewers;
    const Side one(viewers), two(viewers);
    viewers.show("both ");
    viewers.show(two.number, "only two");
    CHECK(one.take() == "both ");
    CHECK(two.take() == "both only two");
    one.type("a");
    two.type("b");
    CHECK(turn(viewers) == "ab");
}

TEST_CASE("the owner is who typed last, and no reader ever is") {
    Viewers viewers;
    CHECK(!viewers.answers());
    const Side looker(viewers, run::Access::look);
    CHECK(!viewers.answers());
    const Side one(viewers);
    CHECK(owner(viewers) == one.number);
    Side two(viewers);
    CHECK(owner(viewers) == two.number);
    one.type("x");
    looker.type("never");
    CHECK(turn(viewers) == "x");
    CHECK(owner(viewers) == one.number);
    two.type("\x1b[I\x1b[<0;1;1M");
    CHECK(turn(viewers) == "\x1b[I\x1b[<0;1;1M");
    CHECK(owner(viewers) == one.number);
    two.type("\x1b[?1;2c");
    CHECK(turn(viewers).empty());
    one.type("\x1b[?1;2c");
    CHECK(turn(viewers) == "\x1b[?1;2c");
    two.type("\x1b[A");
    CHECK(turn(viewers) == "\x1b[A");
    CHECK(owner(viewers) == two.number);
    two.stream.reset();
    turn(viewers);
    CHECK(owner(viewers) == one.number);
    CHECK(viewers.count() == 2);
    viewers.dismiss_all();
    CHECK(viewers.count() == 0);
    turn(viewers);
    CHECK(!viewers.find(one.number));
}

TEST_CASE("a viewer that does not read loses the rest, and gets the screen when it reads again") {
    Viewers viewers;
    const Side slow(viewers, run::Access::type, 33), quick(viewers);
    const std::string piece = "\x1b[?1000h" + std::string(16 * 1024, 'x');
    std::string seen;
    for (int i = 0; i < 64; ++i) {
        viewers.show(piece);
        seen += quick.take();
    }
    CHECK(seen.size() == 64 * piece.size());
    bool redraw = false;
    turn(viewers, &redraw);
    CHECK(!redraw);
    const std::string first = slow.take();
    CHECK(first.size() <= 256 * 1024);
    CHECK(first.size() >= 64 * 1024);
    turn(viewers, &redraw);
    CHECK(redraw);
    const std::string then = slow.take();
    CHECK(then.starts_with("\x18\x1b[?1000l"));
    CHECK(then.find(std::to_string(64 * piece.size() - first.size()) + " bytes were left out") != then.npos);
    CHECK(then.ends_with("screen of 33"));
    viewers.show("on");
    CHECK(slow.take() == "on");
}

TEST_CASE("a viewer that leaves while it had not read says how much it missed") {
    Viewers viewers;
    const Side slow(viewers);
    const std::string piece(64 * 1024, 'x');
    for (int i = 0; i < 16; ++i) viewers.show(piece);
    const std::size_t lost = viewers.dismiss(slow.number);
    CHECK(lost > 0);
    CHECK(slow.take().size() + lost == 16 * piece.size());
    CHECK(viewers.dismiss(slow.number) == 0);
}
