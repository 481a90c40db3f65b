// SPDX-License-Identifier: Apache-2.0
#include "cli/configured.hpp"

#include <algorithm>
#include <charconv>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/launch.hpp"
#include "ops/prune.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

// Launch options that are of one line only, and say nothing of the run itself.
constexpr std::string_view line_only[] = {"help", "json"};

std::vector<config::Known> known_options() {
    std::vector<config::Known> out;
    for (const Option& option : launch_verb().options) {
        if (std::find(std::begin(line_only), std::end(line_only), option.name) != std::end(line_only))
            continue;
        const bool path = option.metavar == "FILE" || option.metavar == "DIR" || option.metavar == "PATH";
        out.push_back({option.name, option.value == Value::none, option.repeatable, path});
    }
    return out;
}

}  // namespace

config::Config load_config(bool project) {
    run::Spec here;
    if (project) ops::resolve_cwd(here);
    const auto options = known_options();
    return config::load(options, here.cwd);
}

void add_settings(Args& args, const std::vector<config::Setting>& settings) {
    for (const config::Setting& setting : settings) {
        if (args.has(setting.key) || args.origins.contains(setting.key)) continue;
        args.origins[setting.key] = setting.origin;
        if (!setting.values.empty()) args.values[setting.key] = setting.values;
    }
}

run::Spec read_configured_spec(const Args& args) {
    try {
        return read_spec_options(args);
    } catch (const run::Failure& failure) {
        const std::string what = failure.what();
        if (!what.starts_with("--")) throw;
        const auto origin = args.origins.find(what.substr(2, what.find(':') - 2));
        if (origin == args.origins.end()) throw;
        throw run::Failure(failure.exit, "config", origin->second + ": " + what.substr(2), failure.hint);
    }
}

void apply_retention(const config::Config& config) {
    const config::Setting* age = config.find(config.retention, "max_age");
    const config::Setting* count = config.find(config.retention, "max_count");
    if (!age && !count) return;
    const run::View view(run::Store::open());
    if (age) {
        const auto time = text::parse_duration(age->values[0]);
        if (!time)
            throw run::Failure(run::Exit::usage, "config", age->origin + ": max_age is not a duration",
                               "as in 7d or 12h");
        ops::PruneRequest request;
        request.everything = true;
        request.older_than = *time;
        ops::prune(view, request);
    }
    if (count) {
        const std::string& text = count->values[0];
        int keep = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), keep);
        if (error != std::errc{} || end != text.data() + text.size() || keep < 1)
            throw run::Failure(run::Exit::usage, "config",
                               count->origin + ": max_count is not a number above 0");
        ops::PruneRequest request;
        request.everything = true;
        request.keep = keep;
        ops::prune(view, request);
    }
}

}  // namespace sigmund::cli
