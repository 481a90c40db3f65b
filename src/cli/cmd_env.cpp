// SPDX-License-Identifier: Apache-2.0
// `env`: prints the ports of this project's live runs as variables for a shell.
#include <algorithm>
#include <map>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/port_runs.hpp"
#include "run/label.hpp"
#include "sys/terminal.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// Returns "WEB_1" for "web-1".
std::string variable_part(const std::string& name) {
    std::string out = name;
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    });
    return out;
}

// Returns the live runs of this project that have a name and a port, by the name in their variables.
std::map<std::string, run::Record> runs_with_ports(const run::View& view) {
    const std::string project = surroundings().project;
    std::map<std::string, run::Record> out;
    for (run::Judged& run : ops::live_runs_with_ports(view)) {
        if (run.record.name.empty() || run.record.project != project) continue;
        const std::string variable = variable_part(run.record.name) + "_PORT";
        const auto [at, added] = out.try_emplace(variable, std::move(run.record));
        if (!added)
            warn(label(run.record) + " is left out: " + label(at->second) + " has the variable " + variable);
    }
    return out;
}

}  // namespace

int cmd_env(const Args& args) {
    if (!args.words.empty())
        throw Failure(Exit::usage, "usage", "env takes no arguments",
                      "to start the command env: sigmund run -- env " + text::quote(args.words));
    std::vector<Variable> variables;
    for (const auto& [name, record] : runs_with_ports(run::View::open())) {
        const run::PortRange ports = run::ports_of(record);
        variables.emplace_back(name, std::to_string(ports.first));
        if (record.workers_wanted == 0) continue;
        std::string all;
        for (int port = ports.first; port <= ports.last(); ++port)
            all += (all.empty() ? "" : " ") + std::to_string(port);
        variables.emplace_back(name + 'S', all);
    }
    if (wants_json(args)) {
        print_data(env_json(variables));
        return 0;
    }
    std::string out;
    for (const auto& [name, value] : variables) out += name + '=' + text::quote(value) + '\n';
    print_data(out);
    if (out.empty() && sys::is_terminal(STDOUT_FILENO))
        say("no live run of this project has a name and a port from --port; sigmund ports shows all that "
            "listen");
    return 0;
}

}  // namespace sigmund::cli
