// SPDX-License-Identifier: Apache-2.0
#include "config/read_settings.hpp"

#include <array>

#include "config/toml_file.hpp"
#include "text/suggest.hpp"
#include "text/words.hpp"

namespace sigmund::config {

using run::Option;
using run::Value;

namespace {

// {auto = true, base = 3000} is `auto:3000` on a command line.
std::string automatic_port(const toml::table& table) {
    std::string base;
    bool automatic = false;
    for (const auto& [key, node] : table) {
        if (key.str() == "auto")
            automatic = node.value_exact<bool>().value_or(false);
        else if (key.str() == "base")
            base = ':' + scalar(node);
        else
            unknown_key(node, key.str(), std::array<std::string_view, 2>{"auto", "base"});
    }
    if (!automatic) fail(where(table), "a port is a number, \"auto\" or {auto = true, base = 3000}");
    return "auto" + base;
}

}  // namespace

void unknown_key(const toml::node& node, std::string_view name, std::span<const std::string_view> names) {
    const auto near = text::suggest(name, names);
    std::string hint =
        near ? "did you mean " + *near + "?" : "man sigmund-stack describes all keys of sigmund.toml";
    if (!near && names.size() <= 8) {
        hint = "one of " + text::join(names, ", ");
    }
    fail(where(node), "unknown key " + quoted(name), hint);
}

std::string scalar(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) {
        if (text->find('\0') != std::string::npos) fail(where(node), "this value has a NUL byte");
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

Setting read_setting(const Option& option, const toml::node& node, const std::string& folder) {
    Setting setting{std::string(option.name), {}, where(node)};
    const auto placed = [&](const toml::node& value) {
        return run::place_value(option, scalar(value), folder);
    };
    if (option.value == Value::none) {
        const auto value = node.value_exact<bool>();
        if (!value) fail(where(node), quoted(option.name) + " is true or false");
        if (*value) setting.values.emplace_back();
    } else if (const auto on = node.value_exact<bool>(); on && option.value == Value::optional) {
        if (*on) setting.values.emplace_back();
    } else if (const toml::array* list = node.as_array()) {
        if (!option.repeatable) fail(where(node), quoted(option.name) + " takes one value");
        for (const toml::node& each : *list) setting.values.push_back(placed(each));
    } else if (const toml::table* port = node.as_table(); port && option.name == "port") {
        setting.values.push_back(automatic_port(*port));
    } else if (const toml::table* table = node.as_table();
               table && option.choices.kind == run::Kind::assignment) {
        for (const auto& [name, value] : *table)
            setting.values.push_back(std::string(name.str()) + '=' + scalar(value));
    } else {
        setting.values.push_back(placed(node));
    }
    return setting;
}

void read_table(const toml::table& table, std::span<const Option> keys, const std::string& folder,
                std::vector<Setting>& out) {
    for (const auto& [key, node] : table) {
        const Option* found = run::find_option(keys, key.str());
        if (!found) {
            std::vector<std::string_view> names;
            names.reserve(keys.size());
            for (const Option& known : keys) names.push_back(known.name);
            unknown_key(node, key.str(), names);
        }
        out.push_back(read_setting(*found, node, folder));
    }
}

}  // namespace sigmund::config
