// SPDX-License-Identifier: Apache-2.0
// The stack of a project: its templates with their dependencies, as `up` starts them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "config/config.hpp"
#include "ops/up.hpp"
#include "run/port_lock.hpp"
#include "stack/graph.hpp"

namespace sigmund::cli {

// Returns the graph of the templates. Throws run::Failure that names file and line when it is wrong.
stack::Graph graph_of(const config::Config& config);
// Throws the same for a graph that is wrong, and for a placeholder that has no value. Nothing is reserved or read for it.
void check_stack(const config::Config& config);

// Returns a sentence, with file and line, for each form in braces that was perhaps meant as a placeholder.
std::vector<std::string> misspelt_placeholders(const config::Config& config);

// The launch options of one template: those of the line first, then its own, then the defaults, with all placeholders
// filled in.
class Stack {
  public:
    // `args` is the line of `up`: its options are for the templates that its words name. Throws run::Failure when a
    // template, whether it is named or not, is wrong.
    // The store is where automatic ports are reserved.
    Stack(const config::Config& config, const Args& args, const run::Store& store);

    // Returns all templates as tasks, in the order in which they start. Those that the line names, and what they depend
    // on, are chosen, and the options of all these are checked. The tasks refer to this object.
    std::vector<ops::UpTask> tasks() const;
    // Returns what a start of this template asks for. Throws run::Failure when there is no such template.
    run::Spec spec_of(const std::string& name) const;

  private:
    // An automatic port: that of the run that lives, or one that is reserved until the run starts.
    struct Reserved {
        int number = 0;
        run::PortLock lock;
    };

    int port_of(const config::Template& source, const std::string& origin) const;
    void check_ports(const std::vector<std::size_t>& chosen) const;
    void check_variable(const config::Template& source) const;
    void add_task(const Args& line, const config::Template& source, bool is_named);
    std::string fill(const config::Template& of, std::string_view text, const std::string& origin) const;
    std::vector<std::string> command(const config::Template& source) const;
    run::Spec spec(std::size_t task) const;
    ops::UpStart begin(std::size_t task) const;
    run::FromTemplate from(std::size_t task) const;

    const config::Config& config_;
    const run::Store& store_;
    stack::Graph graph_;
    std::vector<std::size_t> order_;  // numbers of the graph
    std::vector<std::size_t> named_;
    bool by_name_ = false;  // the line has names
    std::vector<const config::Template*> sources_;
    std::vector<Args> starts_;
    mutable std::map<std::string, Reserved> ports_;  // by template
};

// Returns what has changed in the template since this run was started from it, one sentence for each difference. Nothing
// if it cannot be found out here, as where the configuration is broken or the run is of another project.
std::vector<std::string> changes_since(const run::Record& record, const run::Store& store);

// For a run that is started once more from its record: gives it the values of variables that its template states now,
// since a record has only their names. Does nothing where the template cannot be read here.
void restore_variables(run::Spec& spec, const run::Record& record, const run::Store& store);

}  // namespace sigmund::cli
