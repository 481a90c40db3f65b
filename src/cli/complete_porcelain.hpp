// SPDX-License-Identifier: Apache-2.0
// Candidates as lines for the completion files of the shells: KIND CANDIDATE DESCRIPTION STATE GROUP,
// separated by TAB, with `-` for an empty field (sigmund-porcelain(5)).
#pragma once
#include <span>
#include <string>

#include "cli/complete.hpp"

namespace sigmund::cli {

// Returns the lines. Candidates with a backslash, or with a character that a terminal acts on or hides, are
// left out, since no shell could show and insert them safely. In descriptions such characters are made
// visible, and long ones are cut.
std::string porcelain_candidates(std::span<const Candidate> candidates);

}  // namespace sigmund::cli
