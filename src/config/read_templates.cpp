// SPDX-License-Identifier: Apache-2.0
#include "config/read_templates.hpp"

#include <algorithm>

#include "config/read_settings.hpp"
#include "config/toml_file.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"

namespace sigmund::config {
namespace {

using run::Option;
using run::Value;

// What only templates have. `wait` is an older word for `once`.
constexpr Option template_keys[] = {key("command"),
                                    key("argv"),
                                    key("description"),
                                    {"depends", 0, Value::required, "", "", true},
                                    {"group", 0, Value::required, "", "", true},
                                    key("once", Value::none),
                                    key("manual", Value::none),
                                    key("wait", Value::none)};
constexpr std::string_view not_of_steps[] = {"ready", "restart", "pool"};

// What other tools call the keys of a template.
constexpr std::pair<std::string_view, std::string_view> other_words[] = {{"cmd", "command"},
                                                                         {"commands", "command"},
                                                                         {"exec", "command"},
                                                                         {"script", "command"},
                                                                         {"run", "command"},
                                                                         {"entrypoint", "command"},
                                                                         {"args", "command"},
                                                                         {"depends_on", "depends"},
                                                                         {"depends-on", "depends"},
                                                                         {"needs", "depends"},
                                                                         {"requires", "depends"},
                                                                         {"after", "depends"},
                                                                         {"dir", "cwd"},
                                                                         {"directory", "cwd"},
                                                                         {"workdir", "cwd"},
                                                                         {"working_dir", "cwd"},
                                                                         {"environment", "env"},
                                                                         {"env_file", "env-file"},
                                                                         {"healthcheck", "health"},
                                                                         {"profiles", "group"},
                                                                         {"ports", "port"},
                                                                         {"oneshot", "once"},
                                                                         {"desc", "description"},
                                                                         {"title", "description"}};

// Returns the key that another tool's word means; empty: none is known.
std::string_view word_for(std::string_view other) {
    for (const auto& [word, own] : other_words)
        if (word == other) return own;
    return {};
}

// Returns the value of a key that people write in words, where a number or a date is a mistake.
std::string text_in(const toml::node& node, std::string_view key) {
    if (!node.is_string())
        fail(where(node),
             quoted(key) + (key == "command" ? " is a text, or an array of words" : " is a text"));
    return scalar(node);
}

// Calls `part`. Where only what is readable is wanted, its failure is passed over.
template <typename Part>
void attempt(const TemplateSource& source, Part part) {
    try {
        part();
    } catch (const run::Failure&) {
        if (!source.readable_only) throw;
    }
}

// A text in `command` is a line for the shell. An array in `command` or `argv` holds the words themselves.
void read_command(const toml::table& body, Template& out) {
    for (const char* form : {"command", "argv"}) {
        const toml::node* value = body.get(form);
        if (!value) continue;
        const toml::array* words = value->as_array();
        out.command_origin = where(*value);
        if (!words && std::string_view(form) == "command") {
            out.shown = text_in(*value, form);
            if (out.shown.find_first_not_of(" \t\r\n") == std::string::npos)
                fail(where(*value), "the command is empty");
            out.argv = {"/bin/sh", "-c", out.shown};
            continue;
        }
        if (!words || words->empty())
            fail(where(*value), quoted(form) + " is an array of words, and not empty");
        out.shown.clear();
        out.argv.clear();
        for (const toml::node& word : *words) out.argv.push_back(scalar(word));
        if (out.argv[0].empty()) fail(where(*words->get(0)), "the first word of the command is empty");
    }
}

[[noreturn]] void unknown_option(const toml::node& node, std::string_view name,
                                 std::span<const Option> options) {
    if (const std::string_view own = word_for(name); !own.empty())
        fail(where(node), "unknown key " + quoted(name), "did you mean " + std::string(own) + '?');
    std::vector<std::string_view> names = {"fail"};
    for (const Option& known : template_keys) names.push_back(known.name);
    for (const Option& known : options) names.push_back(known.name);
    unknown_key(node, name, names);
}

// Reads the launch options.
void read_options(const toml::table& body, std::span<const Option> options, Template& out) {
    for (const auto& [key, node] : body) {
        const std::string_view name = key.str();
        if (run::find_option(template_keys, name)) continue;
        if (name == "fail" && body.contains("ready-fail"))
            fail(where(node), "\"fail\" is another name of \"ready-fail\": both are given");
        const Option* found = run::find_option(options, name == "fail" ? "ready-fail" : name);
        if (!found) unknown_option(node, name, options);
        out.settings.push_back(read_setting(*found, node, out.folder));
    }
}

// Reads the value of a key that only templates have.
Setting own_setting(const toml::node& node, std::string_view key, const Template& of) {
    return read_setting(*run::find_option(template_keys, key), node, of.folder);
}

bool flag(const toml::table& body, std::string_view key, const Template& of) {
    const toml::node* node = body.get(key);
    return node && !own_setting(*node, key, of).values.empty();
}

// Reads one word, or an array of them.
void read_words(const toml::table& body, std::string_view key, std::vector<Word>& to) {
    const toml::node* node = body.get(key);
    if (!node) return;
    if (const toml::array* list = node->as_array())
        for (const toml::node& each : *list) to.push_back({scalar(each), where(each)});
    else
        to.push_back({scalar(*node), where(*node)});
}

// Refuses what makes no sense for a step. `once` is the word that makes it one.
void check_step(const Template& step, const std::string& once) {
    for (const Setting& each : step.settings)
        if (each.values != std::vector<std::string>{"no"} &&
            std::find(std::begin(not_of_steps), std::end(not_of_steps), each.key) != std::end(not_of_steps))
            fail(each.origin,
                 quoted(std::string_view(each.key)) + " makes no sense for a step, which runs once and ends",
                 "remove it, or remove " + quoted(once));
}

// Reads the keys that say which place a template has among the others.
void read_place(const toml::table& body, Template& out) {
    read_words(body, "group", out.groups);
    if (const toml::node* node = body.get("description")) out.description = text_in(*node, "description");
    read_words(body, "depends", out.depends);
    const bool once = flag(body, "once", out);
    out.once = once || flag(body, "wait", out);
    out.manual = flag(body, "manual", out);
    for (const Option& each : template_keys)
        if (const toml::node* node = body.get(each.name);
            node && each.name != "command" && each.name != "argv")
            out.own.push_back(own_setting(*node, each.name, out));
    if (out.once) check_step(out, once ? "once" : "wait");
}

void read_template(const std::string& name, const toml::node& node, const TemplateSource& source,
                   Config& out) {
    const toml::table* body = node.as_table();
    if (!body) fail(where(node), "[run." + name + "] is a table");
    if (const std::string problem = run::name_problem(name); !problem.empty())
        fail(where(node), quoted(name) + " is not a valid name for a run: " + problem);
    Template found;
    found.name = name;
    found.folder = source.folder;
    found.of_project = source.of_project;
    found.origin = where(node);
    attempt(source, [&] { read_command(*body, found); });
    // First, to report a mistyped key as such.
    if (!source.readable_only) read_options(*body, source.options, found);
    attempt(source, [&] { read_place(*body, found); });
    if (found.argv.empty() && !source.readable_only)
        fail(where(node), "[run." + name + "] has neither command nor argv");
    out.templates.push_back(std::move(found));
}

}  // namespace

void read_templates(const toml::table& table, const TemplateSource& source, Config& out) {
    std::vector<std::pair<std::string, const toml::node*>> in_order;  // a table has its keys in another order
    in_order.reserve(table.size());
    for (const auto& [key, node] : table) in_order.emplace_back(key.str(), &node);
    std::stable_sort(in_order.begin(), in_order.end(), [](const auto& a, const auto& b) {
        return a.second->source().begin.line < b.second->source().begin.line;
    });
    for (const auto& [name, at] : in_order) {
        if (out.find_template(name)) continue;
        attempt(source, [&, &name = name, &node = *at] { read_template(name, node, source, out); });
    }
}

}  // namespace sigmund::config
