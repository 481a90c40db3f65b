// SPDX-License-Identifier: Apache-2.0
// What on this machine would end a run, hide it, or break the shell hook; and what to do about it.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

enum class Level : std::uint8_t { good, advice, wrong };

struct Finding {
    Level level = Level::good;
    std::string code;  // store, logind, cookies, ...
    std::string what;
    std::string why;   // why it matters; empty when good
    std::string mend;  // a command or a setting; may be empty
};

// Of the machine and the caller's surroundings.
std::vector<Finding> examine_machine();
// A part of it: the caller's shell.
void examine_shell(std::vector<Finding>& out);
// What would still end this run, from its live processes.
std::vector<Finding> examine_run(const run::View& view, const run::Judged& run);

}  // namespace sigmund::ops
