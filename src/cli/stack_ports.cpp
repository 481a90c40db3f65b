// SPDX-License-Identifier: Apache-2.0
#include "cli/stack_ports.hpp"

#include <algorithm>
#include <utility>

#include "ops/take_port.hpp"
#include "ops/up_look.hpp"
#include "run/failure.hpp"
#include "text/words.hpp"

namespace sigmund::cli {

using config::Setting;
using config::Template;
using run::Exit;
using run::Failure;

bool is_filled(std::string_view key) {
    return key == "env" || key == "ready" || key == "health";
}

const Setting* setting_of(const Template& source, std::string_view key) {
    for (const Setting& each : source.settings)
        if (each.key == key && !each.values.empty()) return &each;
    return nullptr;
}

// Returns what the template says of its port; nothing when it has none.
run::Port port_in(const Template& source) {
    const Setting* setting = setting_of(source, "port");
    if (!setting) return {};
    std::string problem;
    const auto port = run::parse_port(setting->values[0], problem);
    if (!port)
        throw Failure(Exit::usage, "config",
                      setting->origin + ": port: \"" + setting->values[0] + "\" " + problem);
    return *port;
}

// Returns the template whose port a placeholder means. Throws Failure when there is none, or it has no port.
const Template& with_port(const config::Config& config, const Template& of, const stack::Placeholder& each,
                          const std::string& origin) {
    const std::string text = each.text();
    const Template* found =
        each.kind == stack::Placeholder::Kind::port ? &of : config.find_template(each.name);
    if (!found)
        throw Failure(Exit::usage, "config", origin + ": " + text + ": there is no template " + each.name,
                      "{" + text + "} writes " + text);
    if (!port_in(*found).asked())
        throw Failure(Exit::usage, "config",
                      origin + ": " + text + ": the template " + found->name + " has no port",
                      "add `port = \"auto\"` to it; {" + text + "} writes " + text);
    return *found;
}

int StackPorts::live_port(const Template& source) {
    const std::string& folder = config_.project.folder;
    auto live = ops::live_run(store_, {source.name, config_.project.found ? folder : std::string()});
    if (!live) {
        const run::View view = run::View::of(store_);
        const auto renamed = ops::renamed_runs(view, folder);
        if (const auto found = renamed.find(source.name); found != renamed.end())
            live = view.find(found->second);
    }
    return live ? live->record.port : 0;
}

int StackPorts::number(const Template& source, const std::string& origin, For what) {
    constexpr int some_number = 20'000;
    const run::Port port = port_in(source);
    if (!port.automatic) return port.number;
    const auto known = ports_.find(source.name);
    if (known != ports_.end()) return known->second.number;
    if (what == For::check) return some_number;
    Reserved mine{live_port(source), {}};
    const Setting* pool = setting_of(source, "pool");
    const int count = pool ? text::whole_number<int>(pool->values[0]).value_or(1) : 1;
    try {
        if (mine.number == 0)
            mine.number = ops::reserve_automatic_port(run::View::of(store_), config_.project.folder,
                                                      source.name, port, std::max(1, count), mine.lock);
    } catch (Failure& failure) {
        throw Failure(failure.exit, failure.code, origin + ": " + failure.what(), failure.hint);
    }
    return ports_.emplace(source.name, std::move(mine)).first->second.number;
}

std::string StackPorts::fill(const Template& of, std::string_view text, const std::string& origin, For what) {
    return stack::fill_placeholders(text, [&](const stack::Placeholder& each) -> std::string {
        if (each.kind == stack::Placeholder::Kind::project)
            return of.of_project ? of.folder : config_.project.folder;
        return std::to_string(number(with_port(config_, of, each, origin), origin, what));
    });
}

run::PortLock StackPorts::take_lock(const Template& source) {
    const auto port = ports_.find(source.name);
    return port == ports_.end() ? run::PortLock() : std::move(port->second.lock);
}

void StackPorts::check_variable(const Template& source) const {
    const run::Port port = port_in(source);
    const Setting* env = setting_of(source, "env");
    if (!port.asked() || !env) return;
    // An automatic port is known by its template.
    const auto word = [](const Template& of) {
        const run::Port its = port_in(of);
        return its.automatic ? "the port of " + of.name : std::to_string(its.number);
    };
    for (const std::string& value : env->values) {
        if (!value.starts_with("PORT=")) continue;
        const std::string filled = stack::fill_placeholders(value, [&](const stack::Placeholder& each) {
            return each.kind == stack::Placeholder::Kind::project
                       ? config_.project.folder
                       : word(with_port(config_, source, each, env->origin));
        });
        if (filled != "PORT=" + word(source))
            throw Failure(Exit::usage, "config",
                          env->origin + ": PORT is given by the port of the template, and cannot be another",
                          "leave one of them out");
    }
}

}  // namespace sigmund::cli
