// SPDX-License-Identifier: Apache-2.0
#include "sys/procfs.hpp"

#include <algorithm>

#include "unit/scratch.hpp"

using namespace sigmund;

TEST_CASE("the name of a command in stat may contain blanks, brackets and newlines") {
    const auto stat = sys::parse_proc_stat(
        "42 (a) b (c)\n) S 1 40 39 0 -1 4194560 1 2 3 4 50 60 7 8 20 0 1 0 123456 9 77 18446744073709551615");
    REQUIRE(stat);
    CHECK(stat->pid == 42);
    CHECK(stat->comm == "a) b (c)\n");
    CHECK(stat->state == 'S');
    CHECK(stat->ppid == 1);
    CHECK(stat->pgrp == 40);
    CHECK(stat->session == 39);
    CHECK(stat->user_ticks == 50);
    CHECK(stat->system_ticks == 60);
    CHECK(stat->start_ticks == 123456);
    CHECK(stat->rss_pages == 77);
    CHECK_FALSE(stat->dead());
    for (const char* bad : {"", "42", "42 (x", "42 (x)", "x (y) S 1 1 1", "42 (x) S 1 2"})
        CHECK_MESSAGE(!sys::parse_proc_stat(bad), bad);
}

TEST_CASE("a process is not dead when only its first thread has ended") {
    const auto living = sys::parse_proc_stat("7 (x) Z 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 3 0 99 0 0 0\n");
    REQUIRE(living);
    CHECK(living->headless);
    CHECK_FALSE(living->dead());
    const auto zombie = sys::parse_proc_stat("7 (x) Z 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    REQUIRE(zombie);
    CHECK_FALSE(zombie->headless);
    CHECK(zombie->dead());
}

TEST_CASE("a fixture tree stands in for /proc") {
    const test::Scratch scratch;
    scratch.write("7/stat", "7 (x) Z 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    scratch.write("7/cmdline", std::string("a\0b c\0\0", 7));
    scratch.write("7/environ", std::string("KEYS=no\0KEY=yes=1\0KEY=second\0", 30));
    scratch.write("7/status", "Name:\tx\nSigIgn:\t0000000000001000\n");
    scratch.write("8x/stat", "");
    scratch.write("self/stat", "");
    const sys::Procfs proc(scratch.path());
    REQUIRE(proc.stat(7));
    CHECK(proc.stat(7)->dead());
    CHECK_FALSE(proc.stat(8));
    CHECK(proc.command_line(7) == std::vector<std::string>{"a", "b c", ""});
    CHECK(proc.environment_value(7, "KEY") == "yes=1");
    CHECK_FALSE(proc.environment_value(7, "KE"));
    CHECK_FALSE(proc.environment_value(8, "KEY"));
    CHECK(proc.status_field(7, "SigIgn") == "0000000000001000");
    CHECK_FALSE(proc.status_field(7, "Sig"));
    CHECK(proc.processes() == std::vector<pid_t>{7});
    CHECK_FALSE(proc.exe(7).known());
}

TEST_CASE("a process with one thread has one list of children, and any other has one for each thread") {
    const test::Scratch scratch;
    scratch.write("7/stat", "7 (x) S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    scratch.write("7/task/7/children", "8 10 ");
    scratch.write("7/task/9/children", "11 ");
    scratch.write("5/stat", "5 (y) S 7 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    const sys::Procfs proc(scratch.path());
    auto process = proc.stat(7);
    REQUIRE(process);
    CHECK(process->threads == 1);
    CHECK(proc.children(*process) == std::vector<pid_t>{8, 10});
    process->threads = 2;
    auto all = proc.children(*process);
    std::sort(all.begin(), all.end());
    CHECK(all == std::vector<pid_t>{8, 10, 11});
    // Without the kernel's list, the stat files of all processes tell.
    scratch.write("6/stat", "6 (z) S 1 6 6 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    scratch.write("6/task/6/stat", "");
    scratch.write("4/stat", "4 (z) S 6 6 6 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0 0\n");
    CHECK(proc.children(*proc.stat(6)) == std::vector<pid_t>{4});
}

TEST_CASE("the kernel's facts about this process are right") {
    const sys::Procfs proc;
    const auto own = proc.stat(::getpid());
    REQUIRE(own);
    CHECK(own->ppid == ::getppid());
    CHECK(own->start_ticks > 0);
    CHECK(proc.exe(::getpid()).known());
    CHECK(sys::boot_id().size() == 36);
    CHECK(sys::pid_namespace() != 0);
    const auto all = proc.processes();
    CHECK(std::find(all.begin(), all.end(), ::getpid()) != all.end());
}
