// SPDX-License-Identifier: Apache-2.0
// The stack of a project: its templates with their dependencies, as `up` starts them.
#pragma once
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "cli/stack_graph.hpp"
#include "cli/stack_ports.hpp"
#include "config/config.hpp"
#include "ops/up.hpp"

namespace sigmund::cli {

// The launch options of one template: those of the line first, then its own, then the defaults, with all placeholders
// filled in.
class Stack {
  public:
    // `args` is the line of `up`: its options are for the templates that its words name. Throws run::Failure when a
    // template, whether it is named or not, is wrong.
    // The store is where automatic ports are reserved, for what is started and what it names.
    Stack(const config::Config& config, const Args& args, const run::Store& store);

    // Returns all templates as tasks, in the order in which they start. Those that the line names, and what they depend
    // on, are chosen, and the options of all these are checked. The tasks refer to this object.
    std::vector<ops::UpTask> tasks() const;
    // Returns what a start of this template asks for. Throws run::Failure when there is no such template.
    run::Spec spec_of(const std::string& name) const;
    // Returns what this template states, as in run::FromTemplate. Throws the same.
    std::string stated_of(const std::string& name) const;

  private:
    using For = StackPorts::For;

    void check_ports(const std::vector<std::size_t>& chosen) const;
    void check(std::size_t task, bool chosen) const;
    void add_task(const Args& line, const config::Template& source, bool is_named);
    std::size_t task_of(const std::string& name) const;
    std::vector<std::string> command(const config::Template& source, For what) const;
    run::Spec spec(std::size_t task) const;
    ops::UpStart begin(std::size_t task) const;
    run::FromTemplate from(std::size_t task) const;
    std::string stated(std::size_t task, For what) const;

    const config::Config& config_;
    stack::Graph graph_;
    std::vector<std::size_t> order_;  // numbers of the graph
    std::vector<std::size_t> named_;
    bool by_name_ = false;  // the line has names
    std::vector<const config::Template*> sources_;
    std::vector<Args> starts_;
    mutable StackPorts ports_;
};

// Returns what has changed in the template since this run was started from it, one sentence for each difference. Nothing
// if it cannot be found out here, as where the configuration is broken or the run is of another project.
std::vector<std::string> changes_since(const run::Record& record, const run::Store& store);

// For a run that is started once more from its record: gives it the values of variables that its template states now,
// since a record has only their names. Does nothing where the template cannot be read here.
void restore_variables(run::Spec& spec, const run::Record& record, const run::Store& store);

}  // namespace sigmund::cli
