// SPDX-License-Identifier: Apache-2.0
#include "run/shell_stores.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

#include "run/shell_marks.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

constexpr const char* shell = "2000000001.1";

// The variable by which the hook of a shell names its folder of marks.
struct Hook {
    explicit Hook(const std::string& store) {
        ::setenv("SIGMUND_SHELL_MARKS", (store + "/shells/" + shell).c_str(), 1);
    }
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;
    ~Hook() { ::unsetenv("SIGMUND_SHELL_MARKS"); }
};

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

std::vector<std::string> paths(const std::vector<Store>& stores) {
    std::vector<std::string> out;
    for (const Store& store : stores) out.push_back(store.path());
    return out;
}

}  // namespace

TEST_CASE("a mark in another store is shown to the hook by a link, which goes with the last mark") {
    const test::Scratch scratch;
    const Hook hook(scratch.at("first"));
    const Store first = Store::create(scratch.at("first")), other = Store::create(scratch.at("o t*[h]er"));
    REQUIRE(ShellMarks(other).add(shell, "aaaaaa") == 0);
    REQUIRE(show_to_hook(other, shell) == 0);
    REQUIRE(show_to_hook(other, shell) == 0);
    CHECK(paths(other_stores(first, shell)) == std::vector{other.path()});
    CHECK(paths(other_stores(other, shell)) == std::vector{first.path()});
    CHECK(ShellMarks(first).live(shell).empty());
    ShellMarks(other).drop_live(shell, "aaaaaa");
    drop_dead_links(shell);
    CHECK_FALSE(exists(scratch.at("first/shells/2000000001.1")));
}

TEST_CASE("the store of the hook itself needs no link, whatever its path is") {
    const test::Scratch scratch;
    const Store first = Store::create(scratch.at("first"));
    REQUIRE(::symlink(first.path().c_str(), scratch.at("alias").c_str()) == 0);
    const Hook hook(scratch.at("alias"));
    REQUIRE(show_to_hook(first, shell) == 0);
    CHECK_FALSE(exists(scratch.at("first/shells")));
    CHECK(other_stores(first, shell).empty());
}

TEST_CASE("the store of the hook is made when it is missing, unless its parent is missing, too") {
    const test::Scratch scratch;
    const Store other = Store::create(scratch.at("other"));
    REQUIRE(ShellMarks(other).add(shell, "aaaaaa") == 0);
    {
        const Hook hook(scratch.at("removed/project"));
        CHECK(show_to_hook(other, shell) == ENOENT);
        CHECK_FALSE(exists(scratch.at("removed")));
        CHECK(other_stores(other, shell).empty());
    }
    const Hook hook(scratch.at("new"));
    CHECK(show_to_hook(other, shell) == 0);
    CHECK(paths(other_stores(other, shell)) == std::vector{scratch.at("new")});
}

TEST_CASE("a variable that does not name the folder of this shell is ignored") {
    const test::Scratch scratch;
    const Store other = Store::create(scratch.at("other"));
    for (const char* value : {"", "/", "shells/2000000001.1", "/x/shells/2000000001.2", "/x/shells"}) {
        CAPTURE(value);
        ::setenv("SIGMUND_SHELL_MARKS", value, 1);
        CHECK(show_to_hook(other, shell) == 0);
        CHECK(other_stores(other, shell).empty());
        drop_dead_links(shell);
    }
    ::unsetenv("SIGMUND_SHELL_MARKS");
}

TEST_CASE("links to stores that are gone, and links that sigmund did not make, lead to no store") {
    const test::Scratch scratch;
    const Hook hook(scratch.at("first"));
    const Store first = Store::create(scratch.at("first"));
    for (int i = 0; i < 3; ++i) {
        const Store other = Store::create(scratch.at("other" + std::to_string(i)));
        REQUIRE(ShellMarks(other).add(shell, "aaaaaa") == 0);
        REQUIRE(show_to_hook(other, shell) == 0);
    }
    REQUIRE(::rename(scratch.at("other1").c_str(), scratch.at("moved").c_str()) == 0);
    REQUIRE(::symlink("/", scratch.at("first/shells/2000000001.1/store.1-1").c_str()) == 0);
    CHECK(other_stores(first, shell).size() == 2);
    CHECK(exists(scratch.at("first/shells/2000000001.1/store.1-1")));
}

TEST_CASE("the links of a closed shell are swept") {
    const test::Scratch scratch;
    const Hook hook(scratch.at("first"));
    const Store other = Store::create(scratch.at("other"));
    REQUIRE(ShellMarks(other).add(shell, "aaaaaa") == 0);
    REQUIRE(show_to_hook(other, shell) == 0);
    const View view(Store::open(scratch.at("first")));
    ShellMarks(view.store()).sweep_closed(view);
    CHECK_FALSE(exists(scratch.at("first/shells/2000000001.1")));
    CHECK(ShellMarks(other).live(shell).size() == 1);
}
