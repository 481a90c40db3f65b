// SPDX-License-Identifier: Apache-2.0
// `up`: starts runs from templates of the configuration.
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/templates.hpp"
#include "ops/take_name.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// The answer for a template that is already running is the same as if it had been started.
void tell_running(const Args& start, const std::string& id) {
    const bool json = wants_json(start), quiet = start.has("quiet");
    if (!quiet) say(*start.value("name") + " is already running: " + id);
    if (start.has("tail") || start.has("wait")) return;
    const run::View view(run::Store::open());
    if (const auto run = json ? view.find(id) : std::nullopt) {
        print_data(started_json(*run, view));
    } else if (!json && (quiet || !sys::is_terminal(STDOUT_FILENO))) {
        print(id + '\n');
    }
}

}  // namespace

int cmd_up(const Args& args) {
    if (args.words.empty())
        throw Failure(Exit::not_found, "invalid_target", "up needs the name of a template",
                      "sigmund config lists them");
    const config::Config config = load_config(true);
    std::vector<const config::Template*> chosen;
    for (const std::string& name : args.words) chosen.push_back(&named_template(config, name));
    if (chosen.size() > 1 && args.has("name"))
        throw Failure(Exit::usage, "usage", "--name can only be used with one template");
    int exit = 0;
    for (const config::Template* each : chosen) {
        Args start = args;
        start.words.clear();
        add_settings(start, each->settings);
        add_settings(start, config.defaults);
        if (!start.has("name")) start.set("name", {each->name});
        if (!start.has("cwd") && each->of_project) start.set("cwd", {each->folder});
        run::Spec spec = read_configured_spec(start);
        spec.argv = each->argv;
        // The run belongs to the project of this folder, also when the template starts it elsewhere.
        spec.project = config.project.folder;
        spec.in_project = config.project.found;
        // As with other tools of this kind, it is not an error that a template is already running.
        if (!start.has("replace"))
            if (const auto holder = ops::holder_of(run::View(run::Store::open()), run::scoped_name(spec))) {
                tell_running(start, holder->id);
                continue;
            }
        if (!start.has("quiet")) say(each->name + ": " + template_text(*each) + " (" + each->origin + ')');
        try {
            exit = std::max(exit, start_run(start, std::move(spec), {}, chosen.size() == 1));
        } catch (const Failure& failure) {
            // A template that cannot be started does not prevent the others from starting. Without a store
            // none can start.
            if (chosen.size() == 1 || failure.code == "store") throw;
            tell_failure(failure, wants_json(args));
            exit = std::max(exit, static_cast<int>(failure.exit));
        }
    }
    return exit;
}

}  // namespace sigmund::cli
