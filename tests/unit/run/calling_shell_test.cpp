// SPDX-License-Identifier: Apache-2.0
#include "run/calling_shell.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

// The signals that shells ignore, as /proc/PID/status shows them.
constexpr const char* job_control = "0000000000384004";     // bash -i and zsh -i
constexpr const char* no_job_control = "0000000000004004";  // zsh -i +m
constexpr const char* term_trap = "0000000000380004";       // bash -i with a trap for SIGTERM
constexpr const char* completed = "0000000000384000";       // zsh -i after a completion has forked
constexpr const char* fish_prompt = "0000000001281004";
constexpr const char* script = "0000000000001000";
constexpr const char* set_m = "0000000000380000";  // a script with `set -m`

class Processes {
  public:
    void add(pid_t pid, pid_t parent, const std::string& comm, const std::string& ignored,
             const std::string& argv = "", uid_t user = ::geteuid(), bool fork = false) {
        const std::string folder = std::to_string(pid);
        std::string stat = folder + " (" + comm + ") S " + std::to_string(parent) + ' ' + std::to_string(pid);
        const std::string stack = std::to_string(fork ? 140724603453440 : 140724603400000 + pid);
        for (int field = 6; field <= 52; ++field) stat += field == 28 ? ' ' + stack : " 7";
        tree_.write(folder + "/stat", stat + '\n');
        const std::string uid = std::to_string(user);
        tree_.write(folder + "/status",
                    "Uid:\t" + uid + '\t' + uid + '\t' + uid + '\t' + uid + "\nSigIgn:\t" + ignored + '\n');
        std::string words = argv.empty() ? comm : argv;
        for (char& c : words)
            if (c == ' ') c = '\0';
        tree_.write(folder + "/cmdline", words + '\0');
    }
    void set_program(pid_t pid, const std::string& path) {
        REQUIRE(::symlink(path.c_str(), tree_.at(std::to_string(pid) + "/exe").c_str()) == 0);
    }
    std::optional<CallingShell> shell_of(pid_t pid) const {
        return calling_shell(sys::Procfs(tree_.path()), pid);
    }

  private:
    test::Scratch tree_;
};

}  // namespace

TEST_CASE("the calling shell is the nearest interactive one, whatever runs between") {
    Processes processes;
    processes.add(1, 0, "systemd", script);
    processes.add(10, 1, "sshd", script);
    processes.add(11, 10, "fish", fish_prompt);
    processes.add(12, 11, "zsh", job_control, "-zsh", ::geteuid(), true);
    processes.set_program(12, "/opt/zsh/bin/zsh-5.9");
    processes.add(18, 12, "zsh", job_control, "-zsh", ::geteuid(), true);  // a command substitution
    processes.add(13, 18, "zsh", script);                                  // a subshell
    processes.add(14, 13, "make", script);
    processes.add(15, 14, "bash", set_m);
    processes.add(16, 1, "cron", script);
    processes.add(17, 16, "sh", script);
    const auto shell = processes.shell_of(15);
    REQUIRE(shell);
    CHECK(shell->pid == 12);
    CHECK(shell->program == "zsh-5.9");
    CHECK(shell->kind == Shell::zsh);
    CHECK(shell->own);
    CHECK(shell->login);
    CHECK(!shell->restricted);
    CHECK(shell->stack == 140724603453440);
    CHECK(processes.shell_of(11)->kind == Shell::fish);
    CHECK(!processes.shell_of(17));
    CHECK(!processes.shell_of(99));
}

TEST_CASE("shells without a hook, of another user, without job control and as process 1 are recognised") {
    Processes processes;
    processes.add(1, 0, "bash", job_control);
    processes.add(20, 1, "tcsh", job_control);
    processes.add(21, 1, "bash", job_control, "bash", ::geteuid() + 1);
    processes.add(22, 1, "zsh", no_job_control);
    processes.add(23, 1, "rbash", job_control);
    processes.set_program(23, "/usr/bin/bash (deleted)");
    processes.add(24, 1, "bash", job_control, "bash --norc -r");
    processes.add(25, 1, "vim", job_control);
    processes.add(26, 1, "bash", term_trap);
    processes.add(27, 1, "zsh", completed);
    CHECK(!processes.shell_of(20)->kind);
    CHECK(processes.shell_of(20)->program == "tcsh");
    CHECK(!processes.shell_of(21)->own);
    CHECK(processes.shell_of(22)->pid == 22);
    CHECK(processes.shell_of(23)->restricted);
    CHECK(processes.shell_of(23)->program == "bash");
    CHECK(processes.shell_of(24)->restricted);
    CHECK(!processes.shell_of(24)->login);
    CHECK(processes.shell_of(25)->pid == 1);
    CHECK(processes.shell_of(26)->pid == 26);
    CHECK(processes.shell_of(27)->pid == 27);
}

TEST_CASE("a shell is recognised by the name of its program") {
    for (const Shell shell : {Shell::bash, Shell::zsh, Shell::fish}) {
        const std::string name = shell_name(shell);
        CHECK(parse_shell(name) == shell);
        for (const std::string& program : {name, '-' + name, name + "-5.3", name + '5', name + "-static"})
            CHECK(shell_of_program(program) == shell);
        CHECK(!parse_shell(name + "-5.3"));
        CHECK(!shell_of_program(name + "bug"));
    }
    CHECK(shell_of_program("rbash") == Shell::bash);
    CHECK(shell_of_program("-rzsh") == Shell::zsh);
    for (const char* other : {"", "sh", "dash", "tcsh", "rfish", "python3", "r"})
        CHECK(!shell_of_program(other));
}
