// SPDX-License-Identifier: Apache-2.0
// `port`: prints the ports that live runs were given.
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/option_words.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

Failure without_port(const run::View& view, const run::Record& record) {
    const std::string without = " was started without --port";
    return {Exit::usage, "no_port",
            label(record) + (record.from.name.empty() ? without : run::options_as_keys(without)),
            "sigmund show " + run::handle(view, record) + " shows what it listens on", record.id};
}

// The port of a run that is over may belong to any process by now.
Failure not_running(const run::View& view, const run::Record& record) {
    return {Exit::not_found, "not_running", label(record) + " does not run any more",
            (record.from.name.empty() ? "sigmund again " + run::handle(view, record)
                                      : "sigmund up " + record.from.name) +
                " starts it; --json prints the port that it had",
            record.id};
}

}  // namespace

int cmd_port(const Args& args) {
    const run::View view = run::View::open();
    const bool json = wants_json(args), sets = all_plural(args.words);
    auto runs = some_targets_of(view, args, args.words);
    // Of a form for several runs, those are meant that live and have a port.
    if (sets)
        std::erase_if(
            runs, [](const run::Judged& run) { return !run.live() || run::ports_of(run.record).count == 0; });
    std::string out;
    for (const run::Judged& run : runs) {
        const run::PortRange ports = run::ports_of(run.record);
        if (ports.count == 0) throw without_port(view, run.record);
        if (!json && !run.live()) throw not_running(view, run.record);
        for (int port = ports.first; port <= ports.last(); ++port) out += std::to_string(port) + '\n';
    }
    print_data(json ? port_json(runs) : out);
    return 0;
}

}  // namespace sigmund::cli
