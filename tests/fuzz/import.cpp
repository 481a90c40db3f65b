// SPDX-License-Identifier: Apache-2.0
// Procfiles and package.json files: any text is refused, or becomes a sigmund.toml that toml++ reads, with the same
// commands and valid names. Input that begins with '{' is a package.json.
#include "config/import.hpp"

#include <toml++/toml.h>
#include <string>

#include "config/import_guess.hpp"
#include "fuzz.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "text/escape.hpp"

using namespace sigmund;

namespace {

void check_run(const config::ImportedRun& run, const toml::table& templates) {
    must(run::is_name(run.name));
    const toml::table* found = templates[run.name].as_table();
    must(found);
    const toml::node* command = found->get("command");
    must(command);
    if (!run.command.empty()) {
        must(command->value_exact<std::string>() == config::keep_braces(run.command));
        return;
    }
    const toml::array* words = command->as_array();
    must(words && words->size() == run.argv.size());
    for (std::size_t i = 0; i < run.argv.size(); ++i)
        must((*words)[i].value_exact<std::string>() == config::keep_braces(run.argv[i]));
}

}  // namespace

SIGMUND_FUZZ_TARGET(import) {
    if (!text::valid_utf8(input) || input.find('\0') != input.npos) return;  // import_file() refuses these
    config::Beside beside;
    beside.env = std::string(input);
    const bool package = input.starts_with('{');
    config::Import read;
    try {
        read = package ? config::import_package(input, "f", beside)
                       : config::import_procfile(input, "f", beside);
    } catch (const run::Failure& failure) {
        must(failure.what()[0] != '\0');
        return;
    }
    const toml::table root = toml::parse(config::import_text(read, "f"));
    const toml::table* templates = root["run"].as_table();
    must(read.runs.empty() == (templates == nullptr));
    for (const config::ImportedRun& each : read.runs) check_run(each, *templates);
    must(read.runs.empty() || templates->size() == read.runs.size());
}
