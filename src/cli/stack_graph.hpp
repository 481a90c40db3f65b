// SPDX-License-Identifier: Apache-2.0
// The templates of a configuration as a graph.
#pragma once
#include "config/config.hpp"
#include "stack/graph.hpp"

namespace sigmund::cli {

// Returns the graph of the templates. Throws run::Failure that names file and line when it is wrong.
stack::Graph graph_of(const config::Config& config);
// Throws the same for a graph that is wrong, and for a placeholder that has no value. Nothing is reserved or read for it.
void check_stack(const config::Config& config);
// Returns a sentence, with file and line, for each form in braces that was perhaps meant as a placeholder.
std::vector<std::string> misspelt_placeholders(const config::Config& config);

}  // namespace sigmund::cli
