// SPDX-License-Identifier: Apache-2.0
// `ports`: shows who listens on which TCP port.
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "ops/listening.hpp"
#include "run/holder.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "text/duration.hpp"
#include "text/table.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

enum Column : std::size_t { address, run, project, pid, age };

text::Page table(const std::vector<ops::Listening>& all, std::size_t width) {
    text::Table out;
    out.header = {"ADDRESS", "RUN", "PROJECT", "PID", "AGE", "COMMAND"};
    out.right_aligned = {false, false, false, true, true, false};
    out.expendable = {age, project, pid};
    out.flexible = {{run, 8}, {project, 8}};
    for (const ops::Listening& each : all)
        out.rows.push_back(
            {ops::endpoint_text(each.socket.address.text(), each.socket.port),
             each.run ? run::label(*each.run) : "-", each.run ? run::with_tilde(each.run->project) : "-",
             each.pid != 0 ? std::to_string(each.pid) : "-",
             each.pid != 0 ? text::format_age(each.age_ms) : "-",
             each.pid != 0 ? each.command : "a process of user " + std::to_string(each.socket.uid)});
    return out.render(width);
}

}  // namespace

int cmd_ports(const Args& args) {
    if (!args.words.empty())
        throw Failure(Exit::usage, "usage", "ports takes no arguments",
                      "sigmund port " + args.words[0] + " prints the port of that run");
    const auto all = ops::listening_sockets(run::View::open());
    if (wants_json(args)) {
        print_data(ports_json(all));
        return 0;
    }
    print(table(all, output_columns()));
    return 0;
}

}  // namespace sigmund::cli
