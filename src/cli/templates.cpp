// SPDX-License-Identifier: Apache-2.0
#include "cli/templates.hpp"

#include <vector>

#include "run/failure.hpp"
#include "run/id.hpp"
#include "text/quote.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {

std::string template_text(const config::Template& found) {
    return found.shown.empty() ? text::quote(found.argv) : found.shown;
}

std::string no_own_file(const config::Config& config) {
    return "there is no sigmund.toml in " + run::with_tilde(config.project.folder) + "; " +
           run::with_tilde(config.unused_file) + " belongs to another checkout, and is not used";
}

const config::Template& named_template(const config::Config& config, const std::string& name) {
    if (const config::Template* found = config.find_template(name)) return *found;
    std::vector<std::string_view> names;
    for (const config::Template& each : config.templates) names.push_back(each.name);
    const auto near = text::suggest(name, names);
    throw run::Failure(run::Exit::not_found, "not_found", "no template " + name,
                       near                          ? "did you mean " + *near + "?"
                       : !config.unused_file.empty() ? no_own_file(config)
                       : names.empty()
                           ? "there are no templates: [run." + (run::is_name(name) ? name : "NAME") +
                                 "] in a sigmund.toml defines one"
                           : "sigmund config lists them",
                       name);
}

}  // namespace sigmund::cli
