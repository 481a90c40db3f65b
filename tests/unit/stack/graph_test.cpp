// SPDX-License-Identifier: Apache-2.0
#include "stack/graph.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include "run/failure.hpp"

using namespace sigmund;
using namespace sigmund::stack;

namespace {

using Names = std::vector<std::string>;

Node node(const std::string& name, const Names& depends = {}, const Names& groups = {},
          bool by_name_only = false) {
    Node out{name, "f:1", {}, {}, by_name_only};
    for (const std::string& each : depends) out.depends.push_back({each, "f:" + name});
    for (const std::string& each : groups) out.groups.push_back({each, "f:" + name});
    return out;
}

Names names(const Graph& graph, const std::vector<std::size_t>& nodes) {
    Names out;
    for (const std::size_t each : nodes) out.push_back(graph.nodes()[each].name);
    return out;
}

// Returns the message of the failure, or an empty text when there is none.
std::string problem(const std::vector<Node>& nodes) {
    try {
        Graph{nodes};
    } catch (const run::Failure& failure) {
        CHECK(failure.code == "config");
        CHECK(failure.exit == run::Exit::usage);
        return failure.what();
    }
    return {};
}

}  // namespace

TEST_CASE("templates start by levels, and within a level in the order of the file") {
    const Graph graph({node("web", {"api", "assets"}), node("api", {"migrate"}), node("db"), node("assets"),
                       node("migrate", {"db"})});
    CHECK(names(graph, graph.with_dependencies(graph.named({}))) ==
          Names{"db", "assets", "migrate", "api", "web"});
    CHECK(names(graph, graph.with_dependencies(graph.named({"api"}))) == Names{"db", "migrate", "api"});
    CHECK(graph.level(graph.at("web")) == 3);
    CHECK(graph.level(graph.at("db")) == 0);
}

TEST_CASE("words name templates and groups, each once") {
    const Graph graph(
        {node("db", {}, {"back"}), node("web", {"db"}, {"front", "all"}), node("docs", {}, {"all"}, true)});
    CHECK(names(graph, graph.named({})) == Names{"db", "web"});
    CHECK(names(graph, graph.named({"all"})) == Names{"web", "docs"});
    CHECK(names(graph, graph.named({"web", "all", "web"})) == Names{"web", "docs"});
    CHECK(graph.groups() == Names{"back", "front", "all"});
    CHECK_THROWS_WITH_AS(graph.named({"webb"}), "no template webb", run::Failure);
}

TEST_CASE("a template that is started by name only is started for those that depend on it") {
    const Graph graph({node("web", {"db"}), node("db", {}, {}, true)});
    CHECK(names(graph, graph.with_dependencies(graph.named({}))) == Names{"db", "web"});
}

TEST_CASE("a dependency named twice counts once") {
    const Graph graph({node("db"), node("web", {"db", "db"})});
    CHECK(graph.depends(1).size() == 1);
}

TEST_CASE("wrong graphs are refused with file and line") {
    CHECK(problem({node("web", {"dbb"}), node("db")}) ==
          "f:web: \"web\" depends on \"dbb\", which is no template");
    CHECK(problem({node("a", {"a"})}) == "f:a: these templates wait for each other: a -> a");
    CHECK(problem({node("x", {"a"}), node("a", {"b"}), node("b", {"c"}), node("c", {"a"})}) ==
          "f:c: these templates wait for each other: a -> b -> c -> a");
    CHECK(problem({node("web"), node("db", {}, {"web"})}) ==
          "f:db: the group \"web\" has the name of a template");
    CHECK(problem({node("web", {}, {"no name"})})
              .starts_with("f:web: \"no name\" is not a valid name for a group"));
    CHECK(problem({node("a"), node("b", {"a"}), node("c", {"a", "b"})}).empty());
}

TEST_CASE("a chain of two thousand templates is no trouble") {
    std::vector<Node> chain;
    for (int i = 0; i < 2'000; ++i)
        chain.push_back(node("t" + std::to_string(i), i > 0 ? Names{"t" + std::to_string(i - 1)} : Names{}));
    const Graph graph(chain);
    CHECK(graph.level(1'999) == 1'999);
    CHECK(graph.with_dependencies({1'999}).size() == 2'000);
}
