// SPDX-License-Identifier: Apache-2.0
// The configuration: the user's own file, and a project's sigmund.toml, which comes with other people's code
// and may hold nothing but templates of runs. Values come as the words that the command line would have had.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sys/clock.hpp"

namespace sigmund::config {

// An option that may be set, as the caller knows it.
struct Known {
    std::string_view name;
    bool flag = false;        // true or false, no value
    bool repeatable = false;  // an array too; of NAME=VALUE also a table
    bool path = false;        // taken from the file's folder
};

struct Setting {
    std::string key;
    std::vector<std::string> values;  // of a flag one empty one; none: false
    std::string origin;               // FILE:LINE
};

struct Template {
    std::string name;
    std::string folder;  // of its file: where its paths begin
    bool of_project = false;
    std::vector<std::string> argv;  // of `command`: /bin/sh -c
    std::string shown;              // for people: the command as it was written
    std::vector<Setting> settings;
    std::string origin;
};

struct Config {
    std::string user_file, project_file;  // those that were read; empty: none
    std::vector<Setting> defaults;        // [defaults]
    std::vector<Setting> shell;           // [shell]: on_exit, on_exit_notty, exit_timeout, notify
    std::vector<Setting> retention;       // [retention]: max_age, max_count
    std::vector<Template> templates;      // the project's first

    const Setting* find(const std::vector<Setting>& table, std::string_view key) const;
    const Template* find_template(std::string_view name) const;
};

// $SIGMUND_CONFIG, else $XDG_CONFIG_HOME/sigmund/config.toml, else ~/.config/sigmund/config.toml; empty: no
// HOME. /dev/null stands for none.
std::string user_path();
// The nearest sigmund.toml from `cwd` upwards; empty: none.
std::string find_project_file(const std::string& cwd);

// Throws run::Failure that names file, line and the nearest key. Files that are not there are no failure.
// `project_from`: the folder to look from for a project's file; empty: do not.
Config load(std::span<const Known> options, const std::string& project_from);

}  // namespace sigmund::config
