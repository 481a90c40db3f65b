// SPDX-License-Identifier: Apache-2.0
// `config`: shows the effective settings, and where each comes from. It also prints what other tools have as
// sigmund.toml, and templates as units of systemd.
#include <cstdlib>

#include "cli/cmd.hpp"
#include "cli/config_formats.hpp"
#include "cli/configured.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/stack.hpp"
#include "cli/stay_attached.hpp"
#include "cli/templates.hpp"
#include "run/options.hpp"
#include "run/store.hpp"
#include "text/fold.hpp"
#include "text/table.hpp"

namespace sigmund::cli {
namespace {

using config::Setting;

std::string joined(const Setting& setting) {
    std::string out;
    for (const std::string& value : setting.values) out += (out.empty() ? "" : ", ") + value;
    if (setting.values.empty()) return "false";
    return out.empty() ? "true" : out;
}

// An environment variable overrides the file, and the file overrides the built-in value.
ConfigRow shell_row(const config::Config& config, const char* key, const char* variable,
                    const char* fallback) {
    const char* value = variable ? std::getenv(variable) : nullptr;
    if (value && *value) return {"shell", key, value, variable};
    if (const Setting* setting = config.find(config.shell, key))
        return {"shell", key, joined(*setting), setting->origin};
    return {"shell", key, fallback, "default"};
}

}  // namespace

int cmd_config(const Args& args) {
    if (!args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "config takes no arguments", "sigmund help config");
    const auto file = args.value("from"), unit = args.value("systemd");
    if ((file && unit) || ((file || unit) && wants_json(args)))
        throw run::Failure(run::Exit::usage, "usage", "--from, --systemd and --json do not go together");
    if (file) return print_import(*file);
    if (unit) return print_unit(*unit);
    const config::Config config = load_config(true);
    // The values are checked as a start would check them, and the stack as `up` does.
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
    detach_keys(config);
    const Setting* keys = config.find(config.attach, "detach_keys");
    rows.push_back({"attach", "detach_keys", keys ? joined(*keys) : "ctrl-] ctrl-] ctrl-]",
                    keys ? keys->origin : "default"});
    check_stack(config);
    for (const std::string& each : misspelt_placeholders(config)) warn(each);
    for (const config::Template& each : config.templates) {
        Args of_template;
        of_template.verb = &launch_verb();
        add_settings(of_template, each.settings);
        read_configured_spec(of_template);
        rows.push_back({"run." + each.name, "command", template_text(each), each.command_origin});
        for (const Setting& setting : each.own)
            rows.push_back({"run." + each.name, setting.key, joined(setting), setting.origin});
        for (const Setting& setting : each.settings)
            rows.push_back({"run." + each.name, setting.key, joined(setting), setting.origin});
    }
    const char* state = std::getenv("SIGMUND_STATE_DIR");
    rows.push_back(
        {"store", "path", run::Store::default_path(), state && *state ? "SIGMUND_STATE_DIR" : "default"});
    if (wants_json(args)) {
        print_data(config_json(rows, config.user_file, config.project.file));
        return 0;
    }
    text::Table table;
    table.header = {"SETTING", "FROM", "VALUE"};
    for (const ConfigRow& row : rows)
        table.rows.push_back({row.table + '.' + row.key, row.origin, row.value});
    const text::Page page = table.render(0);
    // The values are whole. What has no room in a row goes on below its beginning.
    print(text::fold(page, output_columns(), page.text().find("VALUE")));
    if (!config.unused_file.empty()) say(no_own_file(config));
    if (config.user_file.empty() && !config::user_path().empty() && config::user_path() != "/dev/null")
        say("there is no " + config::user_path());
    return 0;
}

}  // namespace sigmund::cli
