// SPDX-License-Identifier: Apache-2.0
// `after-start`: what becomes of a launcher that cannot go on, because its memory belongs to the guardian
// (ops/parting.hpp). It reports the failure.
#include <unistd.h>

#include <cstdlib>

#include "cli/cmd.hpp"
#include "ops/undo_start.hpp"
#include "run/failure.hpp"
#include "sys/error.hpp"

namespace sigmund::cli {

int cmd_after_start(const Args& args) {
    const std::vector<std::string>& words = args.words;
    if (words.size() == 7 && words[0] == "killed")
        ops::clean_up_after_killed_guardian(words[1], words[2], {words[3], words[4]}, words[5], words[6]);
    if (words.size() == 2 && words[0] == "unwritten")
        sys::fail(std::atoi(words[1].c_str()), "write", "stdout");
    throw run::Failure(run::Exit::usage, "usage", "after-start is called by sigmund itself");
}

}  // namespace sigmund::cli
