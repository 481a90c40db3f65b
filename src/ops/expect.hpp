// SPDX-License-Identifier: Apache-2.0
// Waits for a line in what a run writes from now on.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "ops/wait.hpp"
#include "text/expression.hpp"
#include "text/plain.hpp"

namespace sigmund::ops {

class Expectation {
  public:
    // Remembers where the log of the run ends now. The expression is an extended one; throws run::Failure (1)
    // when it cannot be compiled or the log cannot be read. `view` outlives this object.
    Expectation(const run::View& view, const run::Judged& run, const std::string& expression);

    enum class Outcome : std::uint8_t { matched, timed_out, ended };
    // Waits until a line matches, also one that is not complete (a prompt), until the run is over, or until
    // `deadline` (monotonic ms; -1: none). `show` gets each line as a person sees it, up to the one that
    // matches.
    Outcome wait(sys::Millis deadline, const std::function<void(const std::string& line)>& show);

  private:
    bool read_on();
    bool matches_now(const std::function<void(const std::string& line)>& show);

    const run::View& view_;
    const run::Judged& run_;
    std::string path_;
    text::Expression expression_;
    sys::Fd log_;
    std::deque<std::string> lines_;  // complete ones that were not looked at
    std::string piece_;              // the beginning of a very long line
    text::PlainText plain_;
};

}  // namespace sigmund::ops
