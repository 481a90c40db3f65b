// SPDX-License-Identifier: Apache-2.0
// The configuration: the user's own file, and the sigmund.toml of a project, which comes with other people's
// code and may contain only templates of runs. Values are returned as the words of a command line.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/option.hpp"
#include "run/project.hpp"

namespace sigmund::config {

struct Setting {
    std::string key;
    std::vector<std::string> values;  // a flag has one empty value when it is true, and none when it is false
    std::string origin;               // FILE:LINE
};

// A word of a list in the file.
struct Word {
    std::string text;
    std::string origin;  // FILE:LINE
};

struct Template {
    std::string name;
    std::string folder;  // the folder of its file, where its relative paths begin
    bool of_project = false;
    std::vector<std::string> argv;  // for a `command` that is text: /bin/sh -c
    std::string shown;              // the command as it was written, for people
    std::string command_origin;     // FILE:LINE
    std::vector<Setting> settings;
    std::string origin;
    std::vector<Word> depends;  // the templates that must be ready before
    std::vector<Word> groups;
    bool once = false;    // a step: it does its work, and ends
    bool manual = false;  // `up` without names leaves it out
    std::string description;
    std::vector<Setting>
        own;  // the keys that only templates have, without the command, as they are in the file
};

struct Config {
    std::string user_file;            // the file that was read, or empty
    run::Project project;             // its file was read, if it has one
    std::string unused_file;          // the sigmund.toml of another checkout, which is around this one
    std::vector<Setting> defaults;    // [defaults]: launch options
    std::vector<Setting> shell;       // [shell]: on_exit, on_exit_notty, exit_timeout, notify
    std::vector<Setting> retention;   // [retention]: max_age, max_count
    std::vector<Setting> attach;      // [attach]: detach_keys
    std::vector<Template> templates;  // those of the project first

    // Return nullptr when there is no such setting or template.
    const Setting* find(const std::vector<Setting>& table, std::string_view key) const;
    const Template* find_template(std::string_view name) const;
};

// Returns $SIGMUND_CONFIG, else $XDG_CONFIG_HOME/sigmund/config.toml, else ~/.config/sigmund/config.toml;
// empty when there is no HOME. /dev/null means that there is no file.
std::string user_path();
// Reads the configuration. `options` are those that [defaults] and templates may set. Relative paths in their
// values begin in the folder of the file. The project is that of the folder `project_from`; when that is empty, there
// is none. A missing file is not an error. Throws run::Failure that names the file, the
// line and the nearest key.
Config load(std::span<const run::Option> options, const std::string& project_from);

// Returns the templates as far as they can be read, for completion. In a file that is being edited, a table with a
// syntax error is left out, and of other templates what is wrong. They have no launch options. Throws nothing for the
// content of a file.
Config load_readable(const std::string& project_from);

}  // namespace sigmund::config
