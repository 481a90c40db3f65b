// SPDX-License-Identifier: Apache-2.0
#include "stack/graph.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "run/failure.hpp"
#include "run/id.hpp"
#include "text/suggest.hpp"

namespace sigmund::stack {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void refuse(const std::string& origin, const std::string& what, const std::string& hint = {}) {
    throw Failure(Exit::usage, "config", origin + ": " + what, hint);
}

std::optional<std::size_t> find(const std::vector<Node>& nodes, const std::string& name) {
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const Node& each) { return each.name == name; });
    if (found == nodes.end()) return std::nullopt;
    return static_cast<std::size_t>(found - nodes.begin());
}

bool belongs_to(const Node& node, const std::string& group) {
    return std::any_of(node.groups.begin(), node.groups.end(),
                       [&](const Reference& each) { return each.name == group; });
}

std::string did_you_mean(const std::string& word, const std::vector<std::string_view>& names) {
    const auto near = text::suggest(word, names);
    return near ? "did you mean " + *near + "?" : "";
}

std::vector<std::string_view> names_of(const std::vector<Node>& nodes) {
    std::vector<std::string_view> out;
    out.reserve(nodes.size());
    for (const Node& node : nodes) out.push_back(node.name);
    return out;
}

}  // namespace

Graph::Graph(std::vector<Node> nodes) : nodes_(std::move(nodes)) {
    for (const Node& node : nodes_)
        for (const Reference& group : node.groups) {
            if (const std::string problem = run::name_problem(group.name); !problem.empty())
                refuse(group.origin, '"' + group.name + "\" is not a valid name for a group: " + problem);
            if (find(nodes_, group.name))
                refuse(group.origin, "the group \"" + group.name + "\" has the name of a template",
                       "give the group another name");
        }
    connect();
    refuse_cycles();
    find_levels();
}

void Graph::connect() {
    depends_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        for (const Reference& wanted : nodes_[i].depends) {
            const auto found = find(nodes_, wanted.name);
            if (!found)
                refuse(wanted.origin,
                       '"' + nodes_[i].name + "\" depends on \"" + wanted.name + "\", which is no template",
                       did_you_mean(wanted.name, names_of(nodes_)));
            if (std::find(depends_[i].begin(), depends_[i].end(), *found) == depends_[i].end())
                depends_[i].push_back(*found);
        }
}

// Searches in depth. The path is kept in a list of its own, so that a long chain needs no deep stack.
void Graph::refuse_cycles() {
    enum class Seen : unsigned char { no, on_the_path, done };
    std::vector<Seen> seen(nodes_.size(), Seen::no);
    for (std::size_t first = 0; first < nodes_.size(); ++first) {
        if (seen[first] == Seen::done) continue;
        std::vector<std::pair<std::size_t, std::size_t>> path{
            {first, 0}};  // a template, and its next dependency
        seen[first] = Seen::on_the_path;
        while (!path.empty()) {
            auto& [node, next] = path.back();
            if (next == depends_[node].size()) {
                seen[node] = Seen::done;
                path.pop_back();
                continue;
            }
            const std::size_t other = depends_[node][next++];
            if (seen[other] == Seen::on_the_path) {
                std::string circle;
                auto step = std::find_if(path.begin(), path.end(),
                                         [&](const auto& each) { return each.first == other; });
                for (; step != path.end(); ++step) circle += nodes_[step->first].name + " -> ";
                const auto& wanted = nodes_[path.back().first].depends;
                const auto origin = std::find_if(wanted.begin(), wanted.end(), [&](const Reference& each) {
                    return each.name == nodes_[other].name;
                });
                refuse(origin->origin, "these templates wait for each other: " + circle + nodes_[other].name,
                       "remove one of these dependencies");
            }
            if (seen[other] == Seen::no) {
                seen[other] = Seen::on_the_path;
                path.emplace_back(other, 0);
            }
        }
    }
}

void Graph::find_levels() {
    levels_.assign(nodes_.size(), 0);
    for (bool changed = true; std::exchange(changed, false);)
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            for (const std::size_t other : depends_[i])
                if (levels_[i] <= levels_[other]) {
                    levels_[i] = levels_[other] + 1;
                    changed = true;
                }
}

std::size_t Graph::at(const std::string& name) const {
    return find(nodes_, name).value();
}

std::vector<std::size_t> Graph::named(const std::vector<std::string>& words) const {
    std::vector<std::size_t> out;
    const auto add = [&](std::size_t node) {
        if (std::find(out.begin(), out.end(), node) == out.end()) out.push_back(node);
    };
    for (const std::string& word : words) {
        if (const auto found = find(nodes_, word)) {
            add(*found);
            continue;
        }
        bool is_group = false;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (belongs_to(nodes_[i], word)) {
                is_group = true;
                add(i);
            }
        if (is_group) continue;
        std::vector<std::string_view> known = names_of(nodes_);
        const std::vector<std::string> all_groups = groups();
        known.insert(known.end(), all_groups.begin(), all_groups.end());
        const std::string near = did_you_mean(word, known);
        throw Failure(Exit::not_found, "not_found", "no template " + word,
                      !near.empty()   ? near
                      : known.empty() ? "there are no templates: [run." +
                                            (run::is_name(word) ? word : std::string("NAME")) +
                                            "] in a sigmund.toml defines one"
                                      : "sigmund config lists them",
                      word);
    }
    if (words.empty())
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (!nodes_[i].by_name_only) out.push_back(i);
    return out;
}

std::vector<std::size_t> Graph::with_dependencies(const std::vector<std::size_t>& nodes) const {
    std::set<std::size_t> chosen;
    std::vector<std::size_t> open = nodes;
    while (!open.empty()) {
        const std::size_t node = open.back();
        open.pop_back();
        if (chosen.insert(node).second) open.insert(open.end(), depends_[node].begin(), depends_[node].end());
    }
    std::vector<std::size_t> out(chosen.begin(), chosen.end());
    std::stable_sort(out.begin(), out.end(),
                     [&](std::size_t a, std::size_t b) { return levels_[a] < levels_[b]; });
    return out;
}

std::vector<std::string> Graph::groups() const {
    std::vector<std::string> out;
    for (const Node& node : nodes_)
        for (const Reference& group : node.groups)
            if (std::find(out.begin(), out.end(), group.name) == out.end()) out.push_back(group.name);
    return out;
}

}  // namespace sigmund::stack
