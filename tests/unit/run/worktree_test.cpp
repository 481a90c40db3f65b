// SPDX-License-Identifier: Apache-2.0
#include "run/worktree.hpp"

#include <unistd.h>

#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

TEST_CASE("a linked worktree is told from the main checkout, also in folders and submodules below it") {
    const test::Scratch scratch;
    scratch.write("main/.git/HEAD", "");
    scratch.write("main/api/x", "");
    scratch.write("main/.git/worktrees/b/commondir", "../..\n");
    scratch.write("b/.git", "gitdir: " + scratch.at("main/.git/worktrees/b") + "\n");
    scratch.write("b/deep/er/x", "");
    scratch.write("relative/.git", "gitdir: ../main/.git/worktrees/b");
    // A submodule has a .git file, too.
    scratch.write("main/sub/.git", "gitdir: ../.git/modules/sub\n");
    scratch.write("b/sub/.git", "gitdir: " + scratch.at("main/.git/worktrees/b/modules/sub\n"));
    scratch.write("b/own/.git/HEAD", "");
    for (const char* folder : {"main", "main/api", "main/sub", "b/own", "nothing"})
        CHECK_MESSAGE(!in_linked_worktree(scratch.at(folder)), folder);
    for (const char* folder : {"b", "b/deep/er", "b/sub", "relative"})
        CHECK_MESSAGE(in_linked_worktree(scratch.at(folder)), folder);
    CHECK_FALSE(in_linked_worktree("/"));
    CHECK_FALSE(in_linked_worktree(""));
}

TEST_CASE("a .git file that leads nowhere, or that git has not written, makes no worktree") {
    const test::Scratch scratch;
    scratch.write("a/.git", "gitdir: /nowhere/.git/worktrees/a\n");
    scratch.write("b/.git", "");
    scratch.write("c/.git", "gitdir:");
    scratch.write("d/.git", std::string(20'000, 'x'));
    for (const char* folder : {"a", "b", "c", "d"})
        CHECK_MESSAGE(!in_linked_worktree(scratch.at(folder)), folder);
    REQUIRE(::mkfifo(scratch.at("fifo").c_str(), 0600) == 0);
    REQUIRE(::mkdir(scratch.at("e").c_str(), 0700) == 0);
    REQUIRE(::symlink("../fifo", scratch.at("e/.git").c_str()) == 0);
    CHECK_FALSE(in_linked_worktree(scratch.at("e")));
}
