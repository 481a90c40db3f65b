// SPDX-License-Identifier: Apache-2.0
#include "cli/stack_graph.hpp"

#include <algorithm>

#include "cli/stack_ports.hpp"

namespace sigmund::cli {

using config::Setting;
using config::Template;

stack::Graph graph_of(const config::Config& config) {
    std::vector<stack::Node> nodes;
    const auto references = [](const std::vector<config::Word>& words) {
        std::vector<stack::Reference> out;
        for (const config::Word& word : words) out.push_back({word.text, word.origin});
        return out;
    };
    for (const Template& each : config.templates)
        nodes.push_back({each.name, each.origin, references(each.depends), references(each.groups),
                         each.manual || !each.of_project});
    return stack::Graph(std::move(nodes));
}

void check_stack(const config::Config& config) {
    (void)graph_of(config);
    for (const Template& each : config.templates) {
        const auto check = [&](std::string_view text, const std::string& origin) {
            for (const stack::Placeholder& found : stack::placeholders_in(text))
                if (found.kind != stack::Placeholder::Kind::project)
                    (void)with_port(config, each, found, origin);
        };
        for (const std::string& word : each.argv) check(word, each.command_origin);
        for (const Setting& setting : each.settings)
            for (const std::string& value : setting.values)
                if (is_filled(setting.key)) check(value, setting.origin);
    }
}

std::vector<std::string> misspelt_placeholders(const config::Config& config) {
    std::vector<std::string> names, out;
    for (const Template& each : config.templates)
        if (setting_of(each, "port")) names.push_back(each.name);
    for (const Template& each : config.templates) {
        const auto look = [&](std::string_view text, const std::string& origin) {
            for (const stack::Misspelt& found : stack::misspelt_in(text, names, setting_of(each, "port")))
                out.push_back(origin + ": " + found.written + " stays as it is; did you mean " + found.meant +
                              '?');
        };
        for (const std::string& word : each.argv) look(word, each.command_origin);
        for (const Setting& setting : each.settings)
            for (const std::string& value : setting.values)
                if (is_filled(setting.key)) look(value, setting.origin);
    }
    return out;
}

}  // namespace sigmund::cli
