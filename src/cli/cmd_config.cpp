// SPDX-License-Identifier: Apache-2.0
// `config`: what holds and where it comes from. `up`: runs from templates.
#include <cstdlib>

#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "run/id.hpp"
#include "sys/terminal.hpp"
#include "text/quote.hpp"
#include "text/suggest.hpp"
#include "text/table.hpp"

namespace sigmund::cli {
namespace {

using config::Setting;
using run::Exit;
using run::Failure;

std::string joined(const Setting& setting) {
    std::string out;
    for (const std::string& value : setting.values) out += (out.empty() ? "" : ", ") + value;
    if (setting.values.empty()) return "false";
    return out.empty() ? "true" : out;
}

// A variable of the environment goes before the file, the file before what is built in.
ConfigRow shell_row(const config::Config& config, const char* key, const char* variable,
                    const char* fallback) {
    const char* value = variable ? std::getenv(variable) : nullptr;
    if (value && *value) return {"shell", key, value, variable};
    if (const Setting* setting = config.find(config.shell, key))
        return {"shell", key, joined(*setting), setting->origin};
    return {"shell", key, fallback, "default"};
}

std::string template_text(const config::Template& found) {
    return found.shown.empty() ? text::quote(found.argv) : found.shown;
}

}  // namespace

int cmd_config(const Args& args) {
    if (!args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "config takes no words", "sigmund help config");
    const config::Config config = load_config(true);
    // Values are checked as a start would check them.
    Args start;
    start.verb = &launch_verb();
    add_settings(start, config.defaults);
    read_configured_spec(start);
    std::vector<ConfigRow> rows;
    for (const Setting& setting : config.defaults)
        rows.push_back({"defaults", setting.key, joined(setting), setting.origin});
    for (const auto& [key, value] : run::usual_values())
        if (!config.find(config.defaults, key))
            rows.push_back({"defaults", std::string(key), value, "default"});
    rows.push_back(shell_row(config, "on_exit", "SIGMUND_ON_EXIT", "ask"));
    rows.push_back(shell_row(config, "on_exit_notty", "SIGMUND_ON_EXIT_NOTTY", "keep"));
    rows.push_back(shell_row(config, "exit_timeout", "SIGMUND_EXIT_TIMEOUT", "15s"));
    rows.push_back(shell_row(config, "notify", nullptr, "true"));
    for (const char* key : {"max_age", "max_count"}) {
        const Setting* setting = config.find(config.retention, key);
        rows.push_back(
            {"retention", key, setting ? joined(*setting) : "off", setting ? setting->origin : "default"});
    }
    for (const config::Template& each : config.templates) {
        Args of_template;
        of_template.verb = &launch_verb();
        add_settings(of_template, each.settings);
        read_configured_spec(of_template);
        rows.push_back({"run." + each.name, "command", template_text(each), each.origin});
        for (const Setting& setting : each.settings)
            rows.push_back({"run." + each.name, setting.key, joined(setting), setting.origin});
    }
    const char* state = std::getenv("SIGMUND_STATE_DIR");
    rows.push_back(
        {"store", "path", run::Store::default_path(), state && *state ? "SIGMUND_STATE_DIR" : "default"});
    if (wants_json(args)) {
        print_data(config_json(rows, config.user_file, config.project_file));
        return 0;
    }
    text::Table table;
    table.header = {"SETTING", "FROM", "VALUE"};
    for (const ConfigRow& row : rows)
        table.rows.push_back({row.table + '.' + row.key, row.origin, row.value});
    print(table.render(0));
    if (config.user_file.empty() && !config::user_path().empty() && config::user_path() != "/dev/null")
        say("there is no " + config::user_path());
    return 0;
}

namespace {

// What `up` answers for a template that runs already: the same as if it had started it.
void tell_running(const Args& start, const std::string& id) {
    const bool json = wants_json(start), quiet = start.has("quiet");
    if (!quiet) say(*start.value("name") + " runs already: " + id);
    if (start.has("tail") || start.has("wait")) return;
    const run::Store store = run::Store::open();
    run::Record record;
    if (json && store.load(id, run::Depth::full, record) == run::Read::ok) {
        const run::Census census;
        print_data(started_json(judge_now(record, store, census), store, census));
    } else if (!json && (quiet || !sys::is_terminal(STDOUT_FILENO))) {
        print(id + '\n');
    }
}

}  // namespace

int cmd_up(const Args& args) {
    if (args.words.empty())
        throw Failure(Exit::not_found, "invalid_target", "up needs the name of a template",
                      "sigmund config shows them");
    const config::Config config = load_config(true);
    std::vector<const config::Template*> chosen;
    for (const std::string& name : args.words) {
        const config::Template* found = config.find_template(name);
        if (!found) {
            std::vector<std::string_view> names;
            for (const config::Template& each : config.templates) names.push_back(each.name);
            const auto near = text::suggest(name, names);
            throw Failure(Exit::not_found, "not_found", "no template " + name,
                          near            ? "did you mean " + *near + "?"
                          : names.empty() ? "there are none: [run." + (run::is_name(name) ? name : "NAME") +
                                                "] in a sigmund.toml makes one"
                                          : "sigmund config shows them",
                          name);
        }
        chosen.push_back(found);
    }
    if (chosen.size() > 1 && args.has("name"))
        throw Failure(Exit::usage, "usage", "--name goes with one template");
    int exit = 0;
    for (const config::Template* each : chosen) {
        Args start = args;
        start.words.clear();
        add_settings(start, each->settings);
        add_settings(start, config.defaults);
        if (!start.has("name")) start.set("name", {each->name});
        // As with other tools of this kind, what runs already is no mistake: the others are started.
        if (!start.has("replace"))
            if (const auto holder = run::Store::open().name_holder(*start.value("name"))) {
                tell_running(start, *holder);
                continue;
            }
        if (!start.has("cwd") && each->of_project) start.set("cwd", {each->folder});
        run::Spec spec = read_configured_spec(start);
        spec.argv = each->argv;
        if (!start.has("quiet")) say(each->name + ": " + template_text(*each) + " (" + each->origin + ')');
        try {
            exit = std::max(exit, start_run(start, std::move(spec)));
        } catch (const Failure& failure) {
            // One that cannot be started does not keep the others from it; without a store none can.
            if (chosen.size() == 1 || failure.code == "store") throw;
            tell_failure(failure, wants_json(args));
            exit = std::max(exit, static_cast<int>(failure.exit));
        }
    }
    return exit;
}

}  // namespace sigmund::cli
