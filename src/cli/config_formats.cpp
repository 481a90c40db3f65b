// SPDX-License-Identifier: Apache-2.0
#include "cli/config_formats.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/output.hpp"
#include "cli/stack.hpp"
#include "cli/templates.hpp"
#include "config/import.hpp"
#include "ops/find_program.hpp"
#include "ops/resolve_cwd.hpp"
#include "ops/unit_file.hpp"
#include "sys/file.hpp"

namespace sigmund::cli {
namespace {

void tell(const std::vector<std::string>& notes) {
    text::Page page;
    for (const std::string& note : notes) page.line(note);
    if (!page.empty()) say(page);
}

// Returns the spec that `up` would start.
// Returns what `up` would start, with all placeholders filled in.
run::Spec spec_of(const std::string& name, const config::Config& config) {
    Args line;
    line.verb = &launch_verb();
    line.words = {name};
    const run::Store store = run::Store::create();
    run::Spec spec = Stack(config, line, store).spec_of(name);
    ops::resolve_cwd(spec);
    if (spec.port.number != 0)
        spec.environment.set.push_back(std::string(run::port_variable) + '=' +
                                       std::to_string(spec.port.number));
    return spec;
}

std::string search_path_of(const run::Environment& environment) {
    const auto removed = std::find(environment.unset.begin(), environment.unset.end(), "PATH");
    const char* path = std::getenv("PATH");
    std::string out = path && removed == environment.unset.end() ? path : "/bin:/usr/bin";
    for (const std::string& each : environment.set)
        if (each.starts_with("PATH=")) out = each.substr(5);
    return out;
}

// Returns whether the file has neither a line #! nor the beginning of a program (elf(5)).
bool is_plain_script(const std::string& path) {
    const sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    constexpr std::string_view elf("\x7f\x45LF", 4);
    char begin[4] = {};
    if (!fd || ::read(fd.get(), begin, sizeof begin) <= 0) return false;
    const std::string_view text(begin, sizeof begin);
    return !text.starts_with("#!") && text != elf;
}

// Makes the command one that systemd can execute: the path of the program is absolute, and a script without a first
// line #! needs its shell.
void make_absolute(run::Spec& spec, const std::string& search_path, std::vector<std::string>& notes) {
    std::string& program = spec.argv[0];
    const std::string found = ops::find_program(program, search_path, spec.cwd);
    if (found.empty())
        throw run::Failure(run::Exit::not_installed, "command_not_found",
                           program + " was not found, so it has no path for the unit",
                           "it was searched for in PATH, as a start would do it");
    if (found != program) notes.push_back(program + " became " + found + ", where PATH leads now.");
    program = found;
    if (!is_plain_script(found)) return;
    spec.argv.insert(spec.argv.begin(), "/bin/sh");
    notes.push_back(found + " has no line #!, so the unit executes it by /bin/sh.");
}

}  // namespace

int print_import(const std::string& path) {
    const config::Import import = config::import_file(path);
    print_data(config::import_text(import, path));
    tell(import.notes);
    return 0;
}

int print_unit(const std::string& name) {
    const config::Config config = load_config(true);
    const config::Template& found = named_template(config, name);
    ops::UnitSource source;
    source.name = found.name;
    source.origin = found.origin;
    source.description =
        found.description.empty() ? found.name + ": " + template_text(found) : found.description;
    source.spec = spec_of(name, config);
    source.search_path = search_path_of(source.spec.environment);
    source.once = found.once;
    for (const config::Word& each : found.depends) source.depends.push_back(each.text);
    std::vector<std::string> notes;
    if (source.spec.port.automatic)
        notes.push_back("PORT is " + std::to_string(source.spec.port.number) +
                        ", which is free now: a unit cannot choose a port at its start.");
    make_absolute(source.spec, source.search_path, notes);
    if (!found.of_project && !config.find(found.settings, "cwd"))
        notes.push_back("WorkingDirectory is the current folder, since the template is not of a project.");
    const ops::UnitFile unit = ops::make_unit(source);
    print_data(unit.text);
    notes.insert(notes.end(), unit.notes.begin(), unit.notes.end());
    tell(notes);
    return 0;
}

}  // namespace sigmund::cli
