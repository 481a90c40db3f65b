// SPDX-License-Identifier: Apache-2.0
// What a template says now of a run that was started from it before.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/configured.hpp"
#include "cli/stack.hpp"
#include "cli/templates.hpp"
#include "run/failure.hpp"
#include "stack/differences.hpp"

namespace sigmund::cli {
namespace {

// Calls `use` with the template from which the run was started, if that can be read here and is in the project of the run.
template <typename Use>
void with_template(const run::Record& record, const run::Store& store, Use use) {
    if (record.from.name.empty()) return;
    try {
        const config::Config config = load_config(true);
        if (config.project.folder != record.project || !config.find_template(record.from.name)) return;
        Args line;
        line.verb = &launch_verb();
        line.words = {record.from.name};
        use(Stack(config, line, store));
    } catch (const run::Failure&) {
        // Then nothing is known of it.
    }
}

}  // namespace

void restore_variables(run::Spec& spec, const run::Record& record, const run::Store& store) {
    const std::vector<std::string>& lost = spec.environment.lost;
    if (lost.empty()) return;
    with_template(record, store, [&](const Stack& stack) {
        for (const std::string& each : stack.spec_of(record.from.name).environment.set)
            if (std::find(lost.begin(), lost.end(), each.substr(0, each.find('='))) != lost.end())
                spec.environment.set.push_back(each);
    });
}

std::vector<std::string> changes_since(const run::Record& record, const run::Store& store) {
    std::vector<std::string> out;
    with_template(record, store, [&](const Stack& stack) {
        const auto before = stack::Stated::from_json(record.from.stated);
        const auto now = stack::Stated::from_json(stack.stated_of(record.from.name));
        if (before && now) out = stack::differences(*before, *now);
    });
    return out;
}

}  // namespace sigmund::cli
