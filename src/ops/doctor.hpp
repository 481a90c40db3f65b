// SPDX-License-Identifier: Apache-2.0
// Finds what on this machine would end a run, hide it or break the shell hook, and what to do about it.
#pragma once
#include <string>
#include <vector>

#include "run/shell_kind.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

enum class Level : std::uint8_t { good, advice, wrong };

struct Finding {
    Level level = Level::good;
    std::string code;  // store, logind, cookies, ...
    std::string what;
    std::string why;   // why it matters; empty when good
    std::string mend;  // how to fix it: a command or a setting; may be empty
};

// What this program prints for a shell.
struct ShellKit {
    std::string_view (*completion)(run::Shell);  // the file of `completions`
    std::string (*hook_hash)(run::Shell);        // identifies the text of `shell-init`
};

// Examines the machine and the surroundings of the caller.
std::vector<Finding> examine_machine(const ShellKit& kit);
// Examines PATH and the shell at whose prompt this was called, as a part of examine_machine.
void examine_shell(std::vector<Finding>& out, const ShellKit& kit);
// Finds what would still end this run. It looks at the live processes of the run.
std::vector<Finding> examine_run(const run::View& view, const run::Judged& run);

}  // namespace sigmund::ops
