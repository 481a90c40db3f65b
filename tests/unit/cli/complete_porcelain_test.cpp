// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_porcelain.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sigmund::cli;

namespace {

std::string line_of(const Candidate& candidate) {
    return porcelain_candidates(std::vector<Candidate>{candidate});
}

}  // namespace

TEST_CASE("a line tells its kind, and has five fields, none of them empty") {
    CHECK(line_of({Offer::word, "web", "running 3s x", "name", "running"}) ==
          "word\tweb\trunning 3s x\trunning\tname\n");
    CHECK(line_of({Offer::nospace, "tcp:"}) == "nospace\ttcp:\t-\t-\t-\n");
    CHECK(line_of({Offer::file, "--log=", "", "file"}) == "file\t--log=\t-\t-\tfile\n");
    CHECK(line_of({Offer::folder}) == "folder\t-\t-\t-\t-\n");
    CHECK(line_of({Offer::command_at, "", "", "command", "", 7}) == "command-at-7\t-\t-\t-\tcommand\n");
    CHECK(line_of({Offer::none, "", "TIME: how long"}) == "none\t-\tTIME: how long\t-\t-\n");
}

TEST_CASE("a hostile candidate is left out, and a hostile description is escaped and cut") {
    for (const char* word : {"a\nb", "a\tb", "\x1b]0;x\a", "a\\b",
                             "\xe2\x80\xae"
                             "abc",
                             "\xff", "\x7f"})
        CHECK(line_of({Offer::word, word}).empty());
    CHECK(line_of({Offer::word, "x", "a\tb\n\x1b[2J\xe2\x80\xae"}) ==
          "word\tx\ta\\tb\\n\\e[2J\\u202e\t-\t-\n");
    const std::string line = line_of({Offer::word, "x", std::string(100'000, 'y')});
    CHECK(line.size() < 200);
    CHECK(std::count(line.begin(), line.end(), '\t') == 4);
}
