// SPDX-License-Identifier: Apache-2.0
// The text of a .git file, which comes with other people's code. Any text gives an answer, and what follows the path
// on its line does not change it.
#include "run/project.hpp"

#include "fuzz.hpp"

using namespace sigmund;

SIGMUND_FUZZ_TARGET(git_file) {
    const bool submodule = run::is_submodule(input, "/a/b");
    if (!input.starts_with("gitdir: ")) must(!submodule);
    must(run::is_submodule(std::string(input) + '\n', "/a/b") == submodule);
    run::is_submodule("gitdir: " + std::string(input), "/");
}
