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

// The settings in which placeholders are filled in, besides the command.
constexpr std::string_view filled_keys[] = {"env", "ready", "health"};
// Settings that say how `up` behaves, and nothing about the run.
constexpr std::string_view of_the_line[] = {"replace", "tail", "wait", "quiet", "name"};

template <typename List, typename Value>
bool contains(const List& list, const Value& word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
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

}  // namespace

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
                if (found.kind != stack::Placeholder::Kind::project) with_port(config, each, found, origin);
        };
        for (const std::string& word : each.argv) check(word, each.command_origin);
        for (const Setting& setting : each.settings)
            for (const std::string& value : setting.values)
                if (contains(filled_keys, setting.key)) check(value, setting.origin);
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
                if (contains(filled_keys, setting.key)) look(value, setting.origin);
    }
    return out;
}

Stack::Stack(const config::Config& config, const Args& args, const run::Store& store)
    : config_(config), store_(store), graph_(graph_of(config)) {
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

int Stack::port_of(const Template& source, const std::string& origin) const {
    const run::Port port = port_in(source);
    if (!port.automatic) return port.number;
    const auto known = ports_.find(source.name);
    if (known != ports_.end()) return known->second.number;
    Reserved& mine = ports_[source.name];
    const auto live =
        ops::live_run(store_, {source.name, config_.project.found ? config_.project.folder : std::string()});
    if (live && live->record.port != 0) return mine.number = live->record.port;
    const Setting* pool = setting_of(source, "pool");
    const int count = pool ? text::whole_number<int>(pool->values[0]).value_or(1) : 1;
    try {
        mine.number = ops::reserve_automatic_port(run::View::of(store_), config_.project.folder, source.name,
                                                  port, std::max(1, count), mine.lock);
    } catch (Failure& failure) {
        throw Failure(failure.exit, failure.code, origin + ": " + failure.what(), failure.hint);
    }
    return mine.number;
}

// A template's own PORT that is another than its port is a mistake.
void Stack::check_variable(const Template& source) const {
    const run::Port port = port_in(source);
    const Setting* env = setting_of(source, "env");
    if (!port.asked() || !env) return;
    for (const std::string& value : env->values)
        if (value.starts_with("PORT=") &&
            fill(source, value, env->origin) != "PORT=" + std::to_string(port_of(source, env->origin)))
            throw Failure(Exit::usage, "config",
                          env->origin + ": PORT is given by the port of the template, and cannot be another",
                          "leave one of them out");
}

std::string Stack::fill(const Template& of, std::string_view text, const std::string& origin) const {
    return stack::fill_placeholders(text, [&](const stack::Placeholder& each) -> std::string {
        if (each.kind == stack::Placeholder::Kind::project)
            return of.of_project ? of.folder : config_.project.folder;
        return std::to_string(port_of(with_port(config_, of, each, origin), origin));
    });
}

std::vector<std::string> Stack::command(const Template& source) const {
    std::vector<std::string> out;
    for (const std::string& word : source.argv) out.push_back(fill(source, word, source.command_origin));
    return out;
}

run::Spec Stack::spec(std::size_t task) const {
    const Template& source = *sources_[task];
    Args start = starts_[task];
    for (const Setting& each : source.settings) {
        if (!contains(filled_keys, each.key) || start.origin(each.key) != each.origin) continue;
        std::vector<std::string> values;
        for (const std::string& value : each.values) values.push_back(fill(source, value, each.origin));
        start.set(each.key, std::move(values), each.origin);
    }
    // Where nothing else is said, a service with a port is ready when it listens there.
    const Setting* port = setting_of(source, "port");
    const bool own_port = port && start.origin("port") == port->origin;
    if (own_port && !source.once && !start.settled("ready"))
        start.set("ready", {"tcp:" + std::to_string(port_of(source, port->origin))}, port->origin);
    run::Spec spec = read_configured_spec(start);
    if (own_port && spec.port.automatic) spec.port.number = port_of(source, port->origin);
    spec.argv = command(source);
    // The run belongs to the project of this folder, also when the template starts it elsewhere.
    spec.project = config_.project.folder;
    spec.in_project = config_.project.found;
    return spec;
}

// A change of what is in here restarts the run.
run::FromTemplate Stack::from(std::size_t task) const {
    const Template& source = *sources_[task];
    run::FromTemplate out;
    out.name = source.name;
    out.once = source.once;
    stack::Stated stated;
    stated.state("command", source.shown.empty() ? text::quote(command(source))
                                                 : fill(source, source.shown, source.command_origin));
    for (const std::size_t node : graph_.with_dependencies({order_[task]}))
        if (node != order_[task]) out.depends.push_back(graph_.nodes()[node].name);
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
            values.push_back(contains(filled_keys, each.key) ? fill(source, value, each.origin) : value);
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
    out.stated = stated.json();
    return out;
}

ops::UpStart Stack::begin(std::size_t task) const {
    ops::UpStart start{spec(task)};
    if (const auto port = ports_.find(sources_[task]->name); port != ports_.end())
        start.port_lock = std::move(port->second.lock);
    return start;
}

run::Spec Stack::spec_of(const std::string& name) const {
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i]->name == name) return spec(i);
    named_template(config_, name);  // throws, since there is none
    return {};
}

std::vector<ops::UpTask> Stack::tasks() const {
    const std::vector<std::size_t> chosen = graph_.with_dependencies(named_);
    check_ports(chosen);
    std::vector<ops::UpTask> out;
    for (std::size_t i = 0; i < order_.size(); ++i) {
        ops::UpTask task;
        task.name = *starts_[i].value("name");
        task.chosen = contains(chosen, order_[i]);
        task.named = by_name_ && contains(named_, order_[i]);
        task.renewed = contains(named_, order_[i]) && starts_[i].has("replace");
        for (const std::size_t other : graph_.depends(order_[i]))
            task.depends.push_back(
                static_cast<std::size_t>(std::find(order_.begin(), order_.end(), other) - order_.begin()));
        // All texts are checked before anything starts, and the options of what is to be started.
        if (task.chosen) spec(i);
        try {
            task.from = from(i);
        } catch (const Failure& failure) {
            if (task.chosen || failure.code == "config") throw;  // else it is a file that cannot be read
        }
        check_variable(*sources_[i]);
        task.begin = [this, i] { return begin(i); };
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

void restore_variables(run::Spec& spec, const run::Record& record, const run::Store& store) {
    if (record.from.name.empty() || spec.environment.lost.empty()) return;
    try {
        const config::Config config = load_config(true);
        if (config.project.folder != record.project || !config.find_template(record.from.name)) return;
        Args line;
        line.verb = &launch_verb();
        line.words = {record.from.name};
        for (const std::string& each : Stack(config, line, store).spec_of(record.from.name).environment.set)
            if (contains(spec.environment.lost, each.substr(0, each.find('='))))
                spec.environment.set.push_back(each);
    } catch (const Failure&) {
        // Then the values are not known, which is told.
    }
}

std::vector<std::string> changes_since(const run::Record& record, const run::Store& store) {
    try {
        const config::Config config = load_config(true);
        if (config.project.folder != record.project || !config.find_template(record.from.name)) return {};
        Args line;
        line.verb = &launch_verb();
        line.words = {record.from.name};
        const auto before = stack::Stated::from_json(record.from.stated);
        for (const ops::UpTask& task : Stack(config, line, store).tasks())
            if (const auto now = stack::Stated::from_json(task.from.stated);
                task.from.name == record.from.name && before && now)
                return stack::differences(*before, *now);
    } catch (const Failure&) {
        // The run does not depend on its template any more.
    }
    return {};
}

}  // namespace sigmund::cli
