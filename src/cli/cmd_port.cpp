// SPDX-License-Identifier: Apache-2.0
// `port`: prints the ports that runs were given.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_port(const Args& args) {
    const run::View view = run::View::open();
    std::string out;
    for (const run::Judged& run : some_targets_of(view, args, args.words)) {
        const run::PortRange ports = run::ports_of(run.record);
        if (ports.count == 0)
            throw Failure(Exit::usage, "no_port", label(run.record) + " was started without --port",
                          "sigmund show " + short_label(run.record) + " shows what it listens on",
                          short_label(run.record));
        for (int port = ports.first; port <= ports.last(); ++port) out += std::to_string(port) + '\n';
    }
    print_data(out);
    return 0;
}

}  // namespace sigmund::cli
