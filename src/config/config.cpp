// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "config/read_settings.hpp"
#include "config/read_templates.hpp"
#include "config/toml_file.hpp"
#include "run/failure.hpp"

namespace sigmund::config {
namespace {

using run::Option;
using run::Value;

constexpr Option shell_keys[] = {key("on_exit"), key("on_exit_notty"), key("exit_timeout"),
                                 key("notify", Value::none)};
constexpr Option retention_keys[] = {key("max_age"), key("max_count")};
constexpr Option attach_keys[] = {key("detach_keys")};
constexpr std::string_view user_tables[] = {"defaults", "shell", "retention", "attach", "run"};

// Returns the folder of a file.
std::string folder_of(const std::string& path) {
    const std::string folder = path.substr(0, path.rfind('/'));
    return folder.empty() ? "/" : folder;
}

// Reads one table of the user's own file, or the templates.
void read_top(std::string_view name, const toml::table& table, const TemplateSource& source, Config& out) {
    if (name == "defaults") read_table(table, source.options, source.folder, out.defaults);
    if (name == "shell") read_table(table, shell_keys, source.folder, out.shell);
    if (name == "retention") read_table(table, retention_keys, source.folder, out.retention);
    if (name == "attach") read_table(table, attach_keys, source.folder, out.attach);
    if (name == "run") read_templates(table, source, out);
}

void read(const std::string& path, std::span<const Option> options, Config& out, bool project) {
    const toml::table root = parse(read_file(path, project), path);
    for (const auto& [key, node] : root) {
        const std::string_view name = key.str();
        if (project && name != "run")
            fail(where(node), quoted(name) + " may not be in a project's file, which holds templates only",
                 "put it into your own file: " + user_path());
        if (std::find(std::begin(user_tables), std::end(user_tables), name) == std::end(user_tables))
            unknown_key(node, name, user_tables);
        const toml::table* table = node.as_table();
        if (!table) fail(where(node), quoted(name) + " is a table: [" + std::string(name) + ']');
        read_top(name, *table, {.folder = folder_of(path), .of_project = project, .options = options}, out);
    }
}

void read_what_can_be_read(const std::string& path, Config& out, bool project) {
    try {
        const toml::table root = parse_without_errors(read_file(path, project), path);
        if (const toml::table* table = root["run"].as_table())
            read_templates(*table, {.folder = folder_of(path), .of_project = project, .readable_only = true},
                           out);
    } catch (const run::Failure&) {
        // The file cannot be read, or must not be.
    }
}

}  // namespace

const Setting* Config::find(const std::vector<Setting>& table, std::string_view key) const {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Setting& each) { return each.key == key; });
    return found == table.end() ? nullptr : &*found;
}

const Template* Config::find_template(std::string_view name) const {
    const auto found = std::find_if(templates.begin(), templates.end(),
                                    [&](const Template& each) { return each.name == name; });
    return found == templates.end() ? nullptr : &*found;
}

std::string user_path() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string(text ? text : "");
    };
    if (std::string own = value("SIGMUND_CONFIG"); !own.empty()) return own;
    if (const std::string xdg = value("XDG_CONFIG_HOME"); xdg.starts_with('/'))
        return xdg + "/sigmund/config.toml";
    if (const std::string home = value("HOME"); !home.empty()) return home + "/.config/sigmund/config.toml";
    return "";
}

Config load(std::span<const Option> options, const std::string& project_from) {
    Config out;
    if (!project_from.empty()) out.project = run::find_project(project_from);
    if (!out.project.file.empty())
        read(out.project.file, options, out, true);
    else
        out.unused_file = run::file_beyond(out.project);
    const std::string user = user_path();
    if (!user.empty() && user != "/dev/null" && ::access(user.c_str(), F_OK) == 0) {
        out.user_file = user;
        read(user, options, out, false);
    }
    return out;
}

Config load_readable(const std::string& project_from) {
    Config out;
    if (!project_from.empty()) out.project = run::find_project(project_from);
    if (!out.project.file.empty()) read_what_can_be_read(out.project.file, out, true);
    if (const std::string user = user_path(); !user.empty() && user != "/dev/null")
        read_what_can_be_read(user, out, false);
    return out;
}

}  // namespace sigmund::config
