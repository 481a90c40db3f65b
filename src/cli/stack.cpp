// SPDX-License-Identifier: Apache-2.0
#include "cli/stack.hpp"

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/configured.hpp"
#include "cli/templates.hpp"
#include "ops/environment.hpp"
#include "ops/launch.hpp"
#include "ops/take_port.hpp"
#include "run/failure.hpp"
#include "run/options.hpp"
#include "run/project.hpp"
#include "stack/differences.hpp"
#include "stack/placeholders.hpp"
#include "text/quote.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

using config::Setting;
using config::Template;
using run::Exit;
using run::Failure;

// Settings that say how `up` behaves, and nothing about the run.
constexpr std::string_view of_the_line[] = {"replace", "tail", "wait", "attach", "quiet", "name"};

template <typename List, typename Value>
bool contains(const List& list, const Value& word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

Stack::Stack(const config::Config& config, const Args& args, const run::Store& store)
    : config_(config), graph_(graph_of(config)), ports_(config, store) {
    std::vector<std::size_t> all(graph_.nodes().size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    order_ = graph_.with_dependencies(all);
    try {
        named_ = graph_.named(args.words);
    } catch (Failure& failure) {
        if (!config.unused_file.empty()) failure.hint = no_own_file(config);
        throw;
    }
    by_name_ = !args.words.empty();
    for (const std::size_t node : order_) add_task(args, config.templates[node], contains(named_, node));
}

void Stack::add_task(const Args& line, const Template& source, bool is_named) {
    Args start;
    if (is_named)
        start = line;
    else
        start.verb = line.verb;
    start.words.clear();
    add_settings(start, source.settings);
    add_settings(start, config_.defaults);
    if (!start.has("name")) start.set("name", {source.name});
    if (!start.has("cwd") && source.of_project) start.set("cwd", {source.folder});
    sources_.push_back(&source);
    starts_.push_back(std::move(start));
}

std::vector<std::string> Stack::command(const Template& source, For what) const {
    std::vector<std::string> out;
    for (const std::string& word : source.argv)
        out.push_back(ports_.fill(source, word, source.command_origin, what));
    return out;
}

run::Spec Stack::spec(std::size_t task) const {
    const Template& source = *sources_[task];
    Args start = starts_[task];
    for (const Setting& each : source.settings) {
        if (!is_filled(each.key) || start.origin(each.key) != each.origin) continue;
        std::vector<std::string> values;
        for (const std::string& value : each.values)
            values.push_back(ports_.fill(source, value, each.origin, For::start));
        start.set(each.key, std::move(values), each.origin);
    }
    // Where nothing else is said, a service with a port is ready when it listens there.
    const Setting* port = setting_of(source, "port");
    const bool own_port = port && start.origin("port") == port->origin;
    if (own_port && !source.once && !start.settled("ready"))
        start.set("ready", {"tcp:" + std::to_string(ports_.number(source, port->origin, For::start))},
                  port->origin);
    run::Spec spec = read_configured_spec(start);
    if (own_port && spec.port.automatic) spec.port.number = ports_.number(source, port->origin, For::start);
    spec.argv = command(source, For::start);
    // The run belongs to the project of this folder, also when the template starts it elsewhere.
    spec.project = config_.project.folder;
    spec.in_project = config_.project.found;
    return spec;
}

run::FromTemplate Stack::from(std::size_t task) const {
    run::FromTemplate out;
    out.name = sources_[task]->name;
    out.once = sources_[task]->once;
    for (const std::size_t node : graph_.with_dependencies({order_[task]}))
        if (node != order_[task]) out.depends.push_back(graph_.nodes()[node].name);
    return out;
}

// A change of what is in here restarts the run.
std::string Stack::stated(std::size_t task, For what) const {
    const Template& source = *sources_[task];
    stack::Stated stated;
    stated.state("command", source.shown.empty()
                                ? text::quote(command(source, what))
                                : ports_.fill(source, source.shown, source.command_origin, what));
    std::vector<std::string> direct;
    for (const std::size_t node : graph_.depends(order_[task])) direct.push_back(graph_.nodes()[node].name);
    if (!direct.empty()) stated.state("depends", text::join(direct, ", "));
    if (source.once) stated.state("once", "true");
    Args settings;  // those that are compared as options
    settings.verb = &launch_verb();
    for (const Setting& each : source.settings) {
        if (contains(of_the_line, each.key) || each.values.empty()) continue;
        std::vector<std::string> values;
        for (const std::string& value : each.values)
            values.push_back(is_filled(each.key) ? ports_.fill(source, value, each.origin, what) : value);
        if (each.key == "env") {
            for (const std::string& value : values)
                if (const auto equals = value.find('='); equals != std::string::npos)
                    stated.state_variable(value.substr(0, equals), value.substr(equals + 1));
            continue;
        }
        if (each.key == "env-file")
            for (const std::string& path : values) stated.state_contents(path, ops::environment_file(path));
        if (each.key == "cwd" && source.of_project && run::folder_named(values[0]) == source.folder)
            continue;  // it is the default
        settings.set(each.key, std::move(values), each.origin);
    }
    for (const run::StatedOption& each :
         run::stated_options(settings.given(), [] { return std::string("/"); }))
        stated.state(each.name, each.values.empty() ? "true" : text::join(each.values, ", "));
    return stated.json();
}

ops::UpStart Stack::begin(std::size_t task) const {
    ops::UpStart start{spec(task)};
    start.spec.from = from(task);
    start.spec.from.stated = stated(task, For::start);
    start.port_lock = ports_.take_lock(*sources_[task]);
    return start;
}

std::size_t Stack::task_of(const std::string& name) const {
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i]->name == name) return i;
    named_template(config_, name);  // throws, since there is none
    return 0;
}

run::Spec Stack::spec_of(const std::string& name) const {
    return spec(task_of(name));
}

std::string Stack::stated_of(const std::string& name) const {
    return stated(task_of(name), For::start);
}

// All texts are checked before anything starts, and the options of what is to be started. Ports are reserved only for
// that.
void Stack::check(std::size_t task, bool chosen) const {
    if (chosen) spec(task);
    try {
        stated(task, chosen ? For::start : For::check);
    } catch (const Failure& failure) {
        if (chosen || failure.code == "config") throw;  // else it is a file that cannot be read
    }
    ports_.check_variable(*sources_[task]);
}

std::vector<ops::UpTask> Stack::tasks() const {
    const std::vector<std::size_t> chosen = graph_.with_dependencies(named_);
    check_ports(chosen);
    std::vector<ops::UpTask> out;
    for (std::size_t i = 0; i < order_.size(); ++i) {
        ops::UpTask task;
        task.name = *starts_[i].value("name");
        task.tags = starts_[i].all("tag");
        task.chosen = contains(chosen, order_[i]);
        task.named = by_name_ && contains(named_, order_[i]);
        task.renewed = contains(named_, order_[i]) && starts_[i].has("replace");
        for (const std::size_t other : graph_.depends(order_[i]))
            task.depends.push_back(
                static_cast<std::size_t>(std::find(order_.begin(), order_.end(), other) - order_.begin()));
        task.from = from(i);
        check(i, task.chosen);
        task.source = {[this, i] { return stated(i, For::start); }, [this, i] { return begin(i); }};
        out.push_back(std::move(task));
    }
    return out;
}

// Two templates that are brought up together cannot have the same port.
void Stack::check_ports(const std::vector<std::size_t>& chosen) const {
    std::map<int, const Template*> holders;
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const run::Port port = port_in(*sources_[i]);
        if (!contains(chosen, order_[i]) || port.number == 0) continue;
        const auto [held, fresh] = holders.emplace(port.number, sources_[i]);
        if (!fresh)
            throw Failure(Exit::usage, "config",
                          setting_of(*sources_[i], "port")->origin + ": " + held->second->name + " and " +
                              sources_[i]->name + " have the same port, " + std::to_string(port.number),
                          "give one of them another port, or `port = \"auto\"`");
    }
}

}  // namespace sigmund::cli
