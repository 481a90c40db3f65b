// SPDX-License-Identifier: Apache-2.0
#include "cli/stack.hpp"

#include <algorithm>

#include "cli/configured.hpp"
#include "cli/templates.hpp"
#include "ops/environment.hpp"
#include "ops/launch.hpp"
#include "run/failure.hpp"
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

std::string port_in(const Template& source) {
    for (const Setting& each : source.settings)
        if (each.key == "port" && !each.values.empty()) return each.values[0];
    return {};
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

Stack::Stack(const config::Config& config, const Args& args) : config_(config), graph_(graph_of(config)) {
    run::Spec here;
    ops::resolve_cwd(here);
    project_ = here.project;
    std::vector<std::size_t> all(graph_.nodes().size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    order_ = graph_.with_dependencies(all);
    named_ = graph_.named(args.words);
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

std::string Stack::fill(const Template& of, std::string_view text, const std::string& origin) const {
    return stack::fill_placeholders(text, [&](const stack::Placeholder& each) -> std::string {
        if (each.kind == stack::Placeholder::Kind::project) return of.of_project ? of.folder : project_;
        const Template* other =
            each.kind == stack::Placeholder::Kind::port ? &of : config_.find_template(each.name);
        if (!other)
            throw Failure(Exit::usage, "config",
                          origin + ": " + each.text() + ": there is no template " + each.name,
                          "{" + each.text() + "} writes " + each.text());
        const std::string port = port_in(*other);
        if (port.empty())
            throw Failure(Exit::usage, "config",
                          origin + ": " + each.text() + ": the template " + other->name + " has no port",
                          "add `port = \"auto\"` to it; {" + each.text() + "} writes " + each.text());
        return port;
    });
}

std::vector<std::string> Stack::command(const Template& source) const {
    std::vector<std::string> out;
    for (const std::string& word : source.argv) out.push_back(fill(source, word, source.origin));
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
    run::Spec spec = read_configured_spec(start);
    spec.argv = command(source);
    spec.project = project_;
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
                                                 : fill(source, source.shown, source.origin));
    for (const std::size_t node : graph_.with_dependencies({order_[task]}))
        if (node != order_[task]) out.depends.push_back(graph_.nodes()[node].name);
    std::vector<std::string> direct;
    for (const std::size_t node : graph_.depends(order_[task])) direct.push_back(graph_.nodes()[node].name);
    if (!direct.empty()) stated.state("depends", text::join(direct, ", "));
    if (source.once) stated.state("once", "true");
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
        stated.state(each.key,
                     each.values == std::vector<std::string>{""} ? "true" : text::join(values, ", "));
        if (each.key == "env-file")
            for (const std::string& path : values) stated.state_contents(path, ops::environment_file(path));
    }
    out.stated = stated.json();
    return out;
}

void Stack::check_placeholders() const {
    for (const Template* source : sources_) {
        (void)command(*source);
        for (const Setting& each : source->settings)
            if (contains(filled_keys, each.key))
                for (const std::string& value : each.values) (void)fill(*source, value, each.origin);
    }
}

std::vector<ops::UpTask> Stack::tasks() const {
    const std::vector<std::size_t> chosen = graph_.with_dependencies(named_);
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
        try {
            task.from = from(i);
        } catch (const Failure& failure) {
            if (task.chosen || failure.code == "config") throw;  // else it is a file that cannot be read
        }
        if (task.chosen) spec(i);
        task.spec = [this, i] { return spec(i); };
        out.push_back(std::move(task));
    }
    return out;
}

}  // namespace sigmund::cli
