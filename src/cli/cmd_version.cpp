// SPDX-License-Identifier: Apache-2.0
// `version`: prints the version of sigmund, and what it supports.
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "version.hpp"

namespace sigmund::cli {

int cmd_version(const Args& args) {
    if (!args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "version takes no arguments", "sigmund help version");
    print_data(wants_json(args) ? version_json() : "sigmund " SIGMUND_VERSION "\n");
    return 0;
}

}  // namespace sigmund::cli
