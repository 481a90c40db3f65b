// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "run/failure.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "text/escape.hpp"
#include "text/suggest.hpp"

namespace sigmund::config {
namespace {

using run::Exit;
using run::Failure;

constexpr std::size_t largest_file = 1024 * 1024;

constexpr Known shell_keys[] = {{"on_exit"}, {"on_exit_notty"}, {"exit_timeout"}, {"notify", true}};
constexpr Known retention_keys[] = {{"max_age"}, {"max_count"}};
constexpr std::string_view user_tables[] = {"defaults", "shell", "retention", "run"};

[[noreturn]] void fail(const std::string& where, const std::string& what, const std::string& hint = {}) {
    throw Failure(Exit::usage, "config", text::escape_for_display(where) + ": " + what, hint);
}

std::string quoted(std::string_view text) {
    return '"' + text::escape_for_display(text) + '"';
}

class Reader {
  public:
    Reader(std::string path, std::span<const Known> options) : path_(std::move(path)), options_(options) {
        folder_ = path_.substr(0, path_.rfind('/'));
        if (folder_.empty()) folder_ = "/";
    }

    void read(Config& out, bool project) {
        toml::table root;
        try {
            root = toml::parse(content(project), path_);
        } catch (const toml::parse_error& error) {
            fail(path_ + ':' + std::to_string(error.source().begin.line), std::string(error.description()));
        }
        for (const auto& [key, node] : root) {
            const std::string_view name = key.str();
            if (project && name != "run")
                fail(where(node),
                     quoted(name) + " may not be in a project's file, which holds templates only",
                     "put it into your own file: " + text::escape_for_display(user_path()));
            if (std::find(std::begin(user_tables), std::end(user_tables), name) == std::end(user_tables))
                unknown(node, name, user_tables);
            const toml::table* table = node.as_table();
            if (!table) fail(where(node), quoted(name) + " is a table: [" + std::string(name) + ']');
            if (name == "defaults") read_table(*table, options_, out.defaults);
            if (name == "shell") read_table(*table, shell_keys, out.shell);
            if (name == "retention") read_table(*table, retention_keys, out.retention);
            if (name == "run") read_templates(*table, out, project);
        }
    }

  private:
    std::string where(const toml::node& node) const {
        return path_ + ':' + std::to_string(node.source().begin.line);
    }

    // A project's file is believed only from who owns the project or the machine.
    std::string content(bool project) const {
        const sys::Fd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        struct stat st {};
        if (!fd || ::fstat(fd.get(), &st) != 0) fail(path_, sys::describe_errno(errno));
        if (!S_ISREG(st.st_mode)) fail(path_, "is not a regular file");
        if (project && st.st_uid != ::geteuid() && st.st_uid != 0)
            fail(path_, "belongs to another user: its templates are not used", "chown it, if it is yours");
        if (project && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
            fail(path_, "can be written by others: its templates are not used", "chmod go-w " + path_);
        std::string text;
        if (const int error = sys::read_all(fd.get(), text, largest_file); error != 0)
            fail(path_, sys::describe_errno(error));
        return text;
    }

    template <typename Names>
    [[noreturn]] void unknown(const toml::node& node, std::string_view name, const Names& names) const {
        const auto near = text::suggest(name, names);
        std::string hint = near ? "did you mean " + *near + "?" : "sigmund help run shows the options";
        if (!near && std::size(names) <= 8) {
            hint = "one of";
            for (const std::string_view each : names) hint += ' ' + std::string(each);
        }
        fail(where(node), "unknown key " + quoted(name), hint);
    }

    std::string scalar(const toml::node& node) const {
        if (const auto text = node.value_exact<std::string>()) {
            if (text->find('\0') != std::string::npos) fail(where(node), "a value with a NUL byte");
            return *text;
        }
        if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
        if (const auto number = node.value_exact<double>()) {
            std::string text = std::to_string(*number);
            while (text.ends_with('0')) text.pop_back();
            return text;
        }
        fail(where(node), "this value is neither a string nor a number");
    }

    std::string placed(const Known& known, std::string text) const {
        if (!known.path || text.empty() || text[0] == '/') return text;
        if (known.name == "watch-exclude" && text.find('/') == std::string::npos) return text;
        return folder_ + '/' + text;
    }

    Setting read_setting(const Known& known, const toml::node& node) const {
        Setting setting{std::string(known.name), {}, where(node)};
        if (known.flag) {
            const auto value = node.value_exact<bool>();
            if (!value) fail(where(node), quoted(known.name) + " is true or false");
            if (*value) setting.values.emplace_back();
        } else if (const toml::array* list = node.as_array()) {
            if (!known.repeatable) fail(where(node), quoted(known.name) + " takes one value");
            for (const toml::node& each : *list) setting.values.push_back(placed(known, scalar(each)));
        } else if (const toml::table* table = node.as_table(); table && known.name == "env") {
            for (const auto& [name, value] : *table)
                setting.values.push_back(std::string(name.str()) + '=' + scalar(value));
        } else {
            setting.values.push_back(placed(known, scalar(node)));
        }
        return setting;
    }

    void read_table(const toml::table& table, std::span<const Known> keys, std::vector<Setting>& out,
                    bool of_template = false) const {
        for (const auto& [key, node] : table) {
            const std::string_view name = key.str();
            if (of_template && (name == "command" || name == "argv")) continue;
            const auto found = std::find_if(keys.begin(), keys.end(),
                                            [&](const Known& known) { return known.name == name; });
            if (found == keys.end()) {
                std::vector<std::string_view> names;
                if (of_template) names = {"command", "argv"};
                for (const Known& known : keys) names.push_back(known.name);
                unknown(node, name, names);
            }
            out.push_back(read_setting(*found, node));
        }
    }

    void read_templates(const toml::table& table, Config& out, bool project) const {
        for (const auto& [key, node] : table) {
            const toml::table* body = node.as_table();
            if (!body) fail(where(node), "[run." + std::string(key.str()) + "] is a table");
            const std::string name(key.str());
            if (const std::string problem = run::name_problem(name); !problem.empty())
                fail(where(node), quoted(name) + " is no name for a run: " + problem);
            if (out.find_template(name)) continue;  // the project's goes before the user's
            Template found;
            found.name = name;
            found.folder = folder_;
            found.of_project = project;
            found.origin = where(node);
            // `command`: a line for the shell; an array, or `argv`: words as they are.
            for (const char* form : {"command", "argv"}) {
                const toml::node* value = body->get(form);
                if (!value) continue;
                const toml::array* words = value->as_array();
                if (!words && std::string_view(form) == "command") {
                    found.shown = scalar(*value);
                    found.argv = {"/bin/sh", "-c", found.shown};
                    continue;
                }
                if (!words || words->empty())
                    fail(where(*value), std::string(form) + " is an array of words, and not empty");
                found.shown.clear();
                found.argv.clear();
                for (const toml::node& word : *words) found.argv.push_back(scalar(word));
            }
            read_table(*body, options_, found.settings, true);  // first: a mistyped key is told as such
            if (found.argv.empty()) fail(where(node), "[run." + name + "] has neither command nor argv");
            out.templates.push_back(std::move(found));
        }
    }

    std::string path_, folder_;
    std::span<const Known> options_;
};

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

std::string find_project_file(const std::string& cwd) {
    for (std::string folder = cwd; folder.starts_with('/');) {
        std::string candidate = (folder == "/" ? "" : folder) + "/sigmund.toml";
        if (::access(candidate.c_str(), F_OK) == 0) return candidate;
        if (folder == "/") break;
        folder = folder.substr(0, std::max<std::size_t>(folder.rfind('/'), 1));
    }
    return "";
}

Config load(std::span<const Known> options, const std::string& project_from) {
    Config out;
    if (!project_from.empty()) out.project_file = find_project_file(project_from);
    if (!out.project_file.empty()) Reader(out.project_file, options).read(out, true);
    const std::string user = user_path();
    if (!user.empty() && user != "/dev/null" && ::access(user.c_str(), F_OK) == 0) {
        out.user_file = user;
        Reader(user, options).read(out, false);
    }
    return out;
}

}  // namespace sigmund::config
