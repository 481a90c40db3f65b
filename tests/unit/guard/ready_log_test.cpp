// SPDX-License-Identifier: Apache-2.0
#include "guard/ready_log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/fd.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::guard;
using Ends = LogSearch::Ends;
using Kind = LogFinding::Kind;

namespace {

// Searches one log, which is complete. A search that would wait for more lines does not return.
LogFinding found_in(const std::string& content, std::vector<std::string> wanted,
                    std::vector<std::string> failures, Ends ends, std::int64_t from = 0) {
    const test::Scratch scratch;
    scratch.write("log", content);
    return search_logs({{{scratch.at("log"), from}}, std::move(wanted), std::move(failures), ends},
                       [](std::size_t) {});
}

}  // namespace

TEST_CASE("in one log the order of the lines decides between ready and failed") {
    const auto search = [](const std::string& content) {
        return found_in(content, {"^ready", "^warm"}, {"FATAL", "^panic"}, Ends::at_match).kind;
    };
    CHECK(search("ready\nwarm\nFATAL\n") == Kind::found);
    CHECK(search("warm\nwarm\nready\npanic\n") == Kind::found);
    CHECK(search("ready\nFATAL\nwarm\n") == Kind::failed);
    CHECK(search("FATAL\nready\nwarm\n") == Kind::failed);
    CHECK(search("ready\nwarm FATAL\n") == Kind::failed);
    CHECK(search("not panic\nready\nwarm\n") == Kind::found);
    // Colours, carriage returns and NUL bytes.
    CHECK(search("\033[31mpan\033[0mic\r\n") == Kind::failed);
    CHECK(search(std::string("ready\rwarm\0\n", 12)) == Kind::found);
    // An incomplete line counts after a moment.
    CHECK(search("ready\nFATAL") == Kind::failed);
}

TEST_CASE("a search sees what a person would see, also before the line is complete") {
    const auto failure = [](const std::string& content, const std::string& expression) {
        return found_in(content, {}, {expression}, Ends::at_failure).line;
    };
    // Each state of a progress bar, and the last one.
    CHECK(failure("load 10%\rload 99%\rload 100%", "^load 99%$") == "load 99%");
    CHECK(failure("load 10%\rload 99%\rload 100%", "^load 100%$") == "load 100%");
    CHECK(failure("load 10%\x1b[2K\x1b[1Gdone\n", "^load 10%$") == "load 10%");
    CHECK(failure("loading...\r\x1b[Kdone\n", "^done$") == "done");
    // A prompt with colours and a title, without a newline.
    CHECK(failure("\x1b]0;setup\a\x1b[1mContinue? \x1b[32m[y/N]\x1b[0m ", "^Continue\\? \\[y/N\\] $") ==
          "Continue? [y/N] ");
    CHECK(failure("a\x1b[?1049hFATAL: shown on a screen\n\x1b[?1049lFATAL: real\n", "FATAL") ==
          "aFATAL: real");
}

TEST_CASE("a search sees a line whose parts are written one by one") {
    const test::Scratch scratch;
    scratch.write("log", "");
    const std::string line =
        "\x1b[1;32m\u00e9t\u00e9\x1b[0m \x1b]8;;http://x\x1b\\pr\u00eat\x1b]8;;\x1b\\ > ";
    const pid_t writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
        const sys::Fd log(::open(scratch.at("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        for (const char c : line) {
            ::usleep(2'000);
            if (::write(log.get(), &c, 1) != 1) ::_exit(1);
        }
        ::_exit(0);
    }
    const LogFinding found =
        search_logs({{{scratch.at("log"), 0}}, {}, {"^\u00e9t\u00e9 pr\u00eat > $"}, Ends::at_failure},
                    [](std::size_t) {});
    CHECK(found.line == "\u00e9t\u00e9 pr\u00eat > ");
    CHECK(::waitpid(writer, nullptr, 0) == writer);
}

TEST_CASE("a line that is never complete counts while output goes on") {
    const test::Scratch scratch;
    scratch.write("log", "waiting for the database ");
    const pid_t writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
        const sys::Fd log(::open(scratch.at("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        while (::write(log.get(), ".", 1) == 1) ::usleep(20'000);
        ::_exit(0);
    }
    const LogFinding found = search_logs(
        {{{scratch.at("log"), 0}}, {}, {"waiting for .* \\.\\."}, Ends::at_failure}, [](std::size_t) {});
    CHECK(found.kind == Kind::failed);
    ::kill(writer, SIGKILL);
    CHECK(::waitpid(writer, nullptr, 0) == writer);
}

TEST_CASE("a look reads everything that was written before it") {
    CHECK(found_in("a\nb\n", {}, {"FATAL"}, Ends::after_look).kind == Kind::found);
    CHECK(found_in("", {}, {"FATAL"}, Ends::after_look).kind == Kind::found);
    CHECK(found_in("ready\nFATAL\n", {"ready"}, {"FATAL"}, Ends::after_look).kind == Kind::failed);
    CHECK(found_in("FATAL\n", {}, {"FATAL"}, Ends::at_failure).kind == Kind::failed);
    // What is before the position is of an earlier life.
    CHECK(found_in("FATAL\nready\n", {"ready"}, {"FATAL"}, Ends::after_look, 6).kind == Kind::found);
}

TEST_CASE("a failure has its line, and a long line only what is around the match") {
    CHECK(found_in("a\n\033[31mFATAL: no \033[0mdisk\n", {}, {"FATAL"}, Ends::at_failure).line ==
          "FATAL: no disk");
    const std::string x(30'000, 'x');
    const std::string line = found_in(x + "FATAL" + x + '\n', {}, {"FATAL"}, Ends::at_failure).line;
    CHECK(line.size() < 210);
    CHECK(line.find("xFATALx") != line.npos);
    CHECK(line.starts_with("\u2026"));
    CHECK(line.ends_with("\u2026"));
}

TEST_CASE("a search tells which line is missing, and refuses a wrong expression") {
    const test::Scratch scratch;
    scratch.write("log", "b\na\nc\n");
    const std::string path = scratch.at("log");
    std::vector<std::size_t> missing;
    const auto tell = [&](std::size_t index) { missing.push_back(index); };
    CHECK(search_logs({{{path, 0}}, {"a", "b", "c"}, {}}, tell).kind == Kind::found);
    CHECK(missing == std::vector<std::size_t>{0, 0, 2});
    CHECK(search_logs({{{path, 0}}, {"("}, {}}, tell).kind == Kind::invalid);
    CHECK(search_logs({{{path, 0}}, {"a"}, {"("}}, tell).kind == Kind::invalid);
}
