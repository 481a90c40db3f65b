// SPDX-License-Identifier: Apache-2.0
#include "sys/signals.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

using namespace sigmund::sys;

TEST_CASE("signal_name knows every signal") {
    struct Row {
        int signal;
        const char* name;
    };
    const Row rows[] = {
        {1, "SIGHUP"},      {6, "SIGABRT"},      {9, "SIGKILL"},   {15, "SIGTERM"}, {16, "SIGSTKFLT"},
        {29, "SIGIO"},      {31, "SIGSYS"},      {32, "SIG32"},    {33, "SIG33"},   {34, "SIGRTMIN"},
        {37, "SIGRTMIN+3"}, {63, "SIGRTMIN+29"}, {64, "SIGRTMAX"}, {0, "SIG0"},     {65, "SIG65"},
    };
    for (const Row& row : rows) CHECK(signal_name(row.signal) == row.name);
}

TEST_CASE("every name parses back in both grammars, except the reserved two") {
    for (int signal = 1; signal <= max_signal; ++signal) {
        CAPTURE(signal);
        CHECK(parse_signal(signal_name(signal)) == signal);
        CHECK(parse_signal(std::to_string(signal)) == signal);
        CHECK(parse_nosig_sigspec(std::to_string(signal)) == signal);
        if (signal != 32 && signal != 33) CHECK(parse_nosig_sigspec(signal_name(signal)) == signal);
    }
}

TEST_CASE("the two grammars accept different words; -1 is a refusal") {
    struct Row {
        const char* text;
        int kind, strict;
    };
    const Row rows[] = {
        {"TERM", 15, 15},
        {"SIGTERM", 15, 15},
        {"term", 15, -1},
        {"SigTerm", 15, -1},
        {"sighup", 1, -1},
        {"IOT", 6, 6},
        {"POLL", 29, 29},
        {"SIGIO", 29, 29},
        {"CLD", 17, -1},
        {"0", -1, 0},
        {"1", 1, 1},
        {"64", 64, 64},
        {"65", -1, -1},
        {"007", 7, 7},
        {"-1", -1, -1},
        {"+1", -1, -1},
        {"0x1", -1, -1},
        {"1 ", -1, -1},
        {" 1", -1, -1},
        {"1,2", -1, -1},
        {"INT,TERM", -1, -1},
        {"", -1, -1},
        {"SIG", -1, -1},
        {"SIGSIGINT", -1, -1},
        {"SIG15", 15, -1},
        {"SIG0", -1, -1},
        {"INTx", -1, -1},
        {"IN", -1, -1},
        {"RTMIN", 34, 34},
        {"SIGRTMIN", 34, 34},
        {"RTMIN+0", 34, 34},
        {"RTMIN+3", 37, 37},
        {"RTMIN+30", 64, 64},
        {"RTMIN+31", -1, -1},
        {"RTMIN-1", -1, -1},
        {"RTMIN+", -1, -1},
        {"RTMIN-0", -1, -1},
        {"RTMIN++1", -1, -1},
        {"RTMIN+-1", -1, -1},
        {"rtmin+3", 37, -1},
        {"RTMAX", 64, 64},
        {"RTMAX-0", 64, 64},
        {"RTMAX-30", 34, 34},
        {"RTMAX-31", -1, -1},
        {"RTMAX+1", -1, -1},
        {"RTMAX+0", -1, -1},
        {"SIGRTMAX-1", 63, 63},
        {"sigrtmax-1", 63, -1},
        {"RTMIN+99999999999999999999", -1, -1},
        {"99999999999999999999", -1, -1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_signal(row.text).value_or(-1) == row.kind);
        CHECK(parse_nosig_sigspec(row.text).value_or(-1) == row.strict);
    }
}

TEST_CASE("signal_names lists a mask in order") {
    CHECK(signal_names(0).empty());
    CHECK(signal_names(signal_bit(15) | signal_bit(1) | signal_bit(64)) ==
          std::vector<std::string>{"SIGHUP", "SIGTERM", "SIGRTMAX"});
    CHECK(signal_names(~SignalBits{0}).size() == 64);
}

namespace {

// What a forked child sees after `act`. The child's signal settings are its own, and those of the tests stay.
struct Seen {
    SignalBits ignored = 0, mask = 0;
};
template <typename Act>
Seen in_child(Act act) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        act();
        Seen seen;
        for (int signal = 1; signal <= max_signal; ++signal)
            if (is_ignored(signal).value_or(false)) seen.ignored |= signal_bit(signal);
        seen.mask = current_mask();
        if (write(ends[1], &seen, sizeof seen) != sizeof seen) _exit(1);
        _exit(0);
    }
    Seen seen;
    CHECK(read(ends[0], &seen, sizeof seen) == sizeof seen);
    close(ends[0]);
    close(ends[1]);
    waitpid(child, nullptr, 0);
    return seen;
}

constexpr SignalBits all = ~SignalBits{0};
constexpr SignalBits kill_stop = signal_bit(SIGKILL) | signal_bit(SIGSTOP);
constexpr SignalBits reserved = signal_bit(32) | signal_bit(33);

}  // namespace

TEST_CASE("block_all_signals also blocks the reserved two, and returns the old mask") {
    const Seen seen = in_child([] {
        change_mask(SIG_SETMASK, signal_bit(SIGUSR1) | signal_bit(33));
        const sigset_t before = block_all_signals();
        SignalBits bits;
        std::memcpy(&bits, &before, sizeof bits);
        if (bits != (signal_bit(SIGUSR1) | signal_bit(33))) _exit(1);
    });
    CHECK(seen.mask == (all & ~kill_stop));
}

TEST_CASE("apply_signal_setup makes the settings of a command") {
    SUBCASE("reset clears everything, the reserved two as well") {
        const Seen seen = in_child([] {
            for (int signal = 1; signal <= max_signal; ++signal) set_disposition(signal, true);
            block_all_signals();
            apply_signal_setup({});
        });
        CHECK(seen.ignored == 0);
        CHECK(seen.mask == 0);
    }
    SUBCASE("asking for everything leaves the untouchable four alone") {
        const Seen seen = in_child([] { apply_signal_setup({true, all, 0, all, 0}); });
        CHECK(seen.ignored == (all & ~kill_stop & ~reserved));
        CHECK(seen.mask == (all & ~kill_stop & ~reserved));
    }
    SUBCASE("default beats ignore, unblock beats block") {
        const Seen seen = in_child([] {
            const SignalBits two = signal_bit(SIGHUP) | signal_bit(SIGINT);
            apply_signal_setup({true, two, signal_bit(SIGHUP), two, signal_bit(SIGINT)});
        });
        CHECK(seen.ignored == signal_bit(SIGINT));
        CHECK(seen.mask == signal_bit(SIGHUP));
    }
    SUBCASE("without reset what was inherited stays") {
        const Seen seen = in_child([] {
            apply_signal_setup({true, signal_bit(SIGUSR1), 0, signal_bit(SIGUSR2), 0});
            apply_signal_setup({false, signal_bit(SIGHUP), 0, 0, 0});
        });
        CHECK(seen.ignored == (signal_bit(SIGUSR1) | signal_bit(SIGHUP)));
        CHECK(seen.mask == signal_bit(SIGUSR2));
    }
}

TEST_CASE("set_disposition refuses what the kernel refuses") {
    CHECK(set_disposition(SIGKILL, true) == EINVAL);
    CHECK(set_disposition(SIGSTOP, false) == EINVAL);
    CHECK(set_disposition(0, true) == EINVAL);
    CHECK(set_disposition(65, true) == EINVAL);
    CHECK_FALSE(is_ignored(65).has_value());
}
