// SPDX-License-Identifier: Apache-2.0
// The scripts of a package.json. A template runs its script by the package manager (npm run NAME), which sets the
// PATH of the script and executes its pre and post scripts: see npm-run-script(1) and npm-scripts(7).
#include <algorithm>
#include <array>
#include <map>

#include "config/import.hpp"
#include "config/import_guess.hpp"
#include "config/package_json.hpp"
#include "config/toml_text.hpp"
#include "run/id.hpp"
#include "text/escape.hpp"
#include "text/words.hpp"

namespace sigmund::config {
namespace {

// npm executes these at times of its own (npm-scripts(7), "Life Cycle Scripts").
constexpr std::array<std::string_view, 14> life_cycle = {
    "preinstall", "postinstall", "prepare",    "preprepare", "postprepare", "prepublish",   "prepublishOnly",
    "prepack",    "postpack",    "preversion", "version",    "postversion", "dependencies", "postpublish"};
// Of several services, the first of these is part of a bare `sigmund up`.
constexpr std::array<std::string_view, 9> first_choices = {
    "dev", "develop", "development", "start:dev", "serve:dev", "start", "serve", "server", "watch"};

std::string shown(std::string_view text) {
    return toml_string(text::truncate(text, 90));
}

// Returns npm, pnpm, yarn or bun.
std::string manager_of(const Package& package, const Beside& beside, std::vector<std::string>& notes) {
    std::string named = package.manager.substr(0, package.manager.find('@'));
    for (const char* each : {"npm", "pnpm", "yarn", "bun"})
        if (named == each) return named;
    if (!named.empty())
        notes.push_back("The package manager " + shown(named) +
                        " is not known here, so npm runs the scripts.");
    if (beside.has("pnpm-lock.yaml")) return "pnpm";
    if (beside.has("yarn.lock")) return "yarn";
    if (beside.has("bun.lock") || beside.has("bun.lockb")) return "bun";
    return "npm";
}

// Yarn from version 2 on executes no pre and post scripts for `yarn run`.
bool runs_pre_and_post(const Package& package, const Beside& beside, const std::string& manager) {
    if (manager != "yarn") return true;
    const auto at = package.manager.find('@');
    if (at != std::string::npos) return package.manager.compare(at, 3, "@1.") == 0;
    return !beside.has(".yarnrc.yml");
}

class Importer {
  public:
    Importer(const Package& package, std::string manager, bool pre_and_post)
        : package_(package), manager_(std::move(manager)), pre_and_post_(pre_and_post) {
        for (const Script& each : package.scripts) scripts_.emplace(each.name, &each);
    }

    void run(Import& out) {
        std::vector<const Script*> taken;
        for (const Script& each : package_.scripts)
            if (const std::string why = reason_to_leave_out(each); why.empty())
                taken.push_back(&each);
            else
                out.notes.push_back("The script " + shown(each.name) + " was left out: " + why + '.');
        std::vector<std::string> names;
        names.reserve(taken.size());
        for (const Script* each : taken) names.push_back(each->name);
        names = template_names(names);
        const Script* first = first_service(taken);
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (names[i] != taken[i]->name)
                out.notes.push_back("The template of the script " + shown(taken[i]->name) + " is called " +
                                    names[i] + ", since " + run::name_problem(taken[i]->name) + '.');
            out.runs.push_back(made(*taken[i], names[i], taken[i] == first));
        }
        if (!first && !out.runs.empty())
            out.notes.emplace_back("No script looks like a service, so a bare `sigmund up` starts nothing.");
    }

  private:
    std::string reason_to_leave_out(const Script& script) const {
        const std::string& name = script.name;
        if (!script.is_text) return "its value is not a text";
        if (script.command.empty() || name.empty()) return "it is empty";
        if (script.command.find('\0') != std::string::npos || name.find('\0') != std::string::npos)
            return "it has a NUL byte";
        for (const char* before : {"pre", "post"}) {
            if (!pre_and_post_ || !name.starts_with(before)) continue;
            const std::string main = name.substr(std::string_view(before).size());
            if (!main.empty() && scripts_.contains(main))
                return manager_ + " executes it " + (before[1] == 'r' ? "before " : "after ") +
                       toml_string(main);
        }
        if (std::find(life_cycle.begin(), life_cycle.end(), name) != life_cycle.end())
            return manager_ + " executes it when it installs or packs";
        if (name[0] == '-' && manager_ != "npm") return manager_ + " would take its name for an option";
        return {};
    }

    static const Script* first_service(const std::vector<const Script*>& scripts) {
        for (const std::string_view name : first_choices)
            for (const Script* each : scripts)
                if (each->name == name && looks_like_service(each->name, each->command)) return each;
        for (const Script* each : scripts)
            if (looks_like_service(each->name, each->command)) return each;
        return nullptr;
    }

    ImportedRun made(const Script& script, const std::string& name, bool first) const {
        ImportedRun out;
        out.name = name;
        out.argv = {manager_, "run", script.name};
        if (script.name[0] == '-') out.argv.insert(out.argv.begin() + 2, "--");
        out.remarks.push_back("The script is " + shown(script.command));
        const bool service = looks_like_service(script.name, script.command);
        out.once = !service;
        out.manual = !first;
        if (!service)
            out.remarks.emplace_back("A guess: it is a step, which ends by itself.");
        else if (!first)
            out.remarks.emplace_back(
                "A guess: it is a service. Remove `manual` if a bare `sigmund up` should start it.");
        const PortUse use = port_use(script.command);
        if (service && use.assigned != 0) {
            out.port = use.assigned;
            out.remarks.emplace_back(
                "It sets PORT itself. `port` lets `sigmund up` wait until it listens there.");
        }
        if (service && use.assigned == 0 && (use.named != 0 || use.variable))
            out.remarks.push_back(use.named != 0 ? "It names port " + std::to_string(use.named) +
                                                       ": if it listens there, set `port` to it."
                                                 : "It reads PORT: set `port` to give it one.");
        for (const char* runner : {"concurrently", "npm-run-all", "run-p", "run-s", "turbo", "nx", "lerna"})
            if (script.command.starts_with(runner + std::string(" ")))
                out.remarks.push_back("It starts other scripts (" + std::string(runner) +
                                      "): a template for each of them would have its own log.");
        return out;
    }

    const Package& package_;
    std::string manager_;
    bool pre_and_post_;
    std::map<std::string, const Script*> scripts_;
};

}  // namespace

Import import_package(std::string_view content, const std::string& path, const Beside& beside) {
    const Package package = read_package(content, path);
    Import out;
    const std::string manager = manager_of(package, beside, out.notes);
    Importer(package, manager, runs_pre_and_post(package, beside, manager)).run(out);
    if (!package.workspaces.empty()) {
        const std::size_t shown = std::min<std::size_t>(package.workspaces.size(), 5);
        out.notes.push_back("The scripts of its workspaces " +
                            toml_array({package.workspaces.begin(),
                                        package.workspaces.begin() + static_cast<std::ptrdiff_t>(shown)}) +
                            " were not read: sigmund config --from FOLDER/package.json prints those of one.");
    }
    return out;
}

}  // namespace sigmund::config
