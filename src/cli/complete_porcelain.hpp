// SPDX-License-Identifier: Apache-2.0
// Candidates as lines for the shells' completion files: KIND CANDIDATE DESCRIPTION STATE GROUP, separated by
// a TAB, `-` for what there is not (sigmund-porcelain(5)).
#pragma once
#include <span>
#include <string>

#include "cli/complete.hpp"

namespace sigmund::cli {

// A candidate with a backslash, or with a character that a terminal acts on or hides, is left out: no shell
// could show and insert it safely. In descriptions such characters are made visible, and what is long is cut.
std::string porcelain_candidates(std::span<const Candidate> candidates);

}  // namespace sigmund::cli
