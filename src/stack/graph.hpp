// SPDX-License-Identifier: Apache-2.0
// The templates of a configuration as a graph: which of them must be ready before which.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace sigmund::stack {

// A name that stands in a configuration file, and where: FILE:LINE.
struct Reference {
    std::string name;
    std::string origin;
};

struct Node {
    std::string name;    // of the template
    std::string origin;  // FILE:LINE
    std::vector<Reference> depends;
    std::vector<Reference> groups;
    bool by_name_only = false;  // `up` without names leaves it out
};

class Graph {
  public:
    // Takes the templates in the order of the file. Throws run::Failure (config), which names the file and the line,
    // when a template depends on one that does not exist or, over others, on itself, or when a group has the name of a
    // template.
    explicit Graph(std::vector<Node> nodes);

    const std::vector<Node>& nodes() const { return nodes_; }
    // Returns the number of the template with this name. There must be one.
    std::size_t at(const std::string& name) const;
    // Returns the numbers of the templates on which this one depends itself.
    const std::vector<std::size_t>& depends(std::size_t node) const { return depends_[node]; }
    // Returns how many templates at most must be ready one after the other before this one can start.
    std::size_t level(std::size_t node) const { return levels_[node]; }

    // Returns the templates that these words name, which are names of templates or groups. Without words: all but those
    // that are started by name only. Throws run::Failure (not_found) for a word that names none.
    std::vector<std::size_t> named(const std::vector<std::string>& words) const;
    // Returns these templates and all that they depend on, over others, too. Each comes after those that it depends on:
    // by levels, and within a level in the order of the file.
    std::vector<std::size_t> with_dependencies(const std::vector<std::size_t>& nodes) const;

    // Returns the names of all groups, each once.
    std::vector<std::string> groups() const;

  private:
    void connect();
    void refuse_cycles();
    void find_levels();

    std::vector<Node> nodes_;
    std::vector<std::vector<std::size_t>> depends_;
    std::vector<std::size_t> levels_;
};

}  // namespace sigmund::stack
