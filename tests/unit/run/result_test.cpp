// SPDX-License-Identifier: Apache-2.0
#include "run/result.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>

#include "run/ended_by.hpp"
#include "run/outcome.hpp"
#include "run/reach.hpp"
#include "run/until.hpp"

using namespace sigmund;
using run::Result;

namespace {

// Returns one result of every kind.
std::vector<Result> one_of_each() {
    std::vector<Result> out;
    for (int i = 0; i <= static_cast<int>(Result::other); ++i) {
        const auto kind = static_cast<run::ResultKind>(i);
        out.push_back(kind == Result::exit     ? Result::of(sys::ExitStatus::exited(3))
                      : kind == Result::signal ? Result::of(sys::ExitStatus::killed(SIGSEGV, true))
                      : kind == Result::launch ? Result::not_executed(ENOENT)
                      : kind == Result::other  ? Result("moon-phase")
                                               : Result(kind));
    }
    return out;
}

template <typename Word, typename Row, std::size_t N>
void check_words(const Row (&table)[N]) {
    for (const Row& row : table) {
        CHECK(Word(row.word) == row.value);
        CHECK(Word(row.value).str() == row.word);
        CHECK(Word(Word(row.value).str()) == Word(row.value));
    }
    // The table has every value but `none` and `other`.
    CHECK(N == static_cast<std::size_t>(Word::other) - 1);
    CHECK(Word("").empty());
    CHECK(Word().str().empty());
    const Word unknown("moon-phase");
    CHECK(unknown == Word::other);
    CHECK(unknown.str() == "moon-phase");
    CHECK(unknown != Word("moon"));
}

template <typename Row, std::size_t N>
void check_table(const Row (&table)[N]) {
    for (const Row& row : table) {
        CHECK(text::find_word(table, row.word) == row.value);
        CHECK(text::word_of(table, row.value) == row.word);
    }
    CHECK(!text::find_word(table, ""));
    CHECK(!text::find_word(table, "moon"));
}

}  // namespace

TEST_CASE("a result of every kind is read as it was written") {
    for (const Result& result : one_of_each()) {
        CAPTURE(result.str());
        const Result read(result.str());
        CHECK(read == result);
        CHECK(read.kind() == result.kind());
        CHECK(read.number() == result.number());
        CHECK(result.str().empty() == (result == Result::none));
    }
}

TEST_CASE("a result of every kind has a sentence for people") {
    std::vector<std::string> sentences;
    for (const Result& result : one_of_each()) sentences.push_back(result.sentence());
    CHECK(sentences == std::vector<std::string>{"ended", "exited 3", "was killed by SIGSEGV",
                                                "could not be started again: No such file or directory",
                                                "was stopped", "was killed", "timed out", "was never ready",
                                                "failed its health checks", "failed too often",
                                                "was not started", "ended, without a written result,",
                                                "ended, with a status that is not known,", "moon-phase"});
}

TEST_CASE("the words of results are those of the files") {
    CHECK(Result::of(sys::ExitStatus::exited(0)).str() == "exit=0");
    CHECK(Result::of(sys::ExitStatus::killed(SIGTERM, false)).str() == "signal=SIGTERM");
    CHECK(Result::of({}).str() == "unknown");
    CHECK(Result::not_executed(EACCES).str() == "launch=EACCES");
    CHECK(Result(Result::restart_limit).str() == "restart-limit");
    CHECK(Result("exit=7").detail() == "7");
    CHECK(Result("launch=EPERM").detail() == "EPERM");
    CHECK(Result("timeout").detail() == "timeout");
}

TEST_CASE("a word that this version would write in another way keeps its text") {
    for (const char* word :
         {"exit=", "exit=03", "exit=x", "exit=99999999999", "signal=segv", "signal=SIGMOON",
          "signal=", "launch=EMOON", "launch=", "stopped ", "Stopped", "exit", "\x80\xff"}) {
        CAPTURE(word);
        CHECK(Result(word).str() == word);
        CHECK(Result(Result(word).str()) == Result(word));
    }
    CHECK(Result("exit=03") == Result::exit);
    CHECK(Result("launch=EMOON") == Result::launch);
    CHECK(Result("launch=EMOON").sentence() == "could not be started again: EMOON");
    CHECK(Result("signal=SIGMOON").sentence() == "was killed by SIGMOON");
    CHECK(Result("Stopped") == Result::other);
}

TEST_CASE("results count as failures or not") {
    for (const char* well : {"", "exit=0", "stopped", "killed", "pending", "unknown"})
        CHECK_FALSE(Result(well).failed());
    for (const char* bad : {"exit=1", "exit=x", "signal=SIGKILL", "launch=ENOENT", "timeout", "unready",
                            "unhealthy", "restart-limit", "skipped", "moon-phase"})
        CHECK(Result(bad).failed());
    CHECK(Result("exit=0").succeeded());
    CHECK_FALSE(Result("exit=00").succeeded());
}

TEST_CASE("each word of the other tables is read as it was written") {
    check_words<run::EndedBy>(run::ended_by_words);
    check_words<run::Outcome>(run::outcome_words);
    check_table(run::reach_words);
    check_table(run::until_words);
}
