// SPDX-License-Identifier: Apache-2.0
// How a run, or one life of its command, ended: `result` in a record and in the machine output.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "sys/process.hpp"

namespace sigmund::run {

enum class ResultKind : std::uint8_t {
    none,     // it has not ended
    exit,     // the number is the exit status
    signal,   // the number is the signal that ended it
    launch,   // it could not be executed again; the number is the errno value
    stopped,  // sigmund ended it
    killed,   // sigmund ended it with SIGKILL at once
    timeout,
    unready,  // it ended before it was ready, or was not ready in time
    unhealthy,
    restart_limit,
    skipped,  // it was never started
    pending,  // it has ended, and its guardian has not written the result yet
    unknown,  // it has ended, and nobody saw how
    other     // a word of another version
};

class Result {
  public:
    using enum ResultKind;

    Result() = default;
    // Makes a result of a kind that has no number.
    Result(ResultKind kind) : kind_(kind) {}
    // Reads the word of a record. A word that this version would write in another way keeps its text.
    explicit Result(std::string_view word);
    // Returns the result of a command that ended by itself.
    static Result of(const sys::ExitStatus& status);
    static Result not_executed(int error);

    ResultKind kind() const { return kind_; }
    int number() const { return number_; }
    bool empty() const { return kind_ == none; }
    // Returns the word for files, JSON, porcelain and the control socket; empty for `none`.
    std::string str() const;
    // Returns the part of the word after "=": "3", "SIGSEGV", "ENOENT"; the whole word where it has no such
    // part.
    std::string detail() const;
    // Returns a phrase for people: "exited 3", "was killed by SIGSEGV", "timed out".
    std::string sentence() const;
    // Returns whether the run did not end well. A run that sigmund ended, or whose end nobody saw, did not
    // fail.
    bool failed() const;
    bool succeeded() const { return kind_ == exit && number_ == 0 && text_.empty(); }
    bool operator==(const Result&) const = default;
    bool operator==(ResultKind kind) const { return kind_ == kind; }

  private:
    Result(ResultKind kind, int number) : kind_(kind), number_(number) {}
    std::string word() const;
    ResultKind kind_ = none;
    int number_ = 0;
    std::string text_;  // the word as it was read, if word() would give another
};

}  // namespace sigmund::run
