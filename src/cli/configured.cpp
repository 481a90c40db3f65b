// SPDX-License-Identifier: Apache-2.0
#include "cli/configured.hpp"

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/prune.hpp"
#include "ops/resolve_cwd.hpp"
#include "run/option_words.hpp"
#include "text/duration.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

std::string current_folder() {
    run::Spec here;
    ops::resolve_cwd(here);
    return here.cwd;
}

}  // namespace

config::Config load_config(bool project) {
    return config::load(run::configurable_options(), project ? current_folder() : "");
}

void add_settings(Args& args, const std::vector<config::Setting>& settings) {
    for (const config::Setting& setting : settings)
        if (!args.settled(setting.key)) args.set(setting.key, setting.values, setting.origin);
}

run::Spec read_spec_options(const Args& args) {
    return run::parse_options(args.given(), current_folder);
}

run::Spec read_configured_spec(const Args& args) {
    try {
        return read_spec_options(args);
    } catch (const run::Failure& failure) {
        const std::string origin = args.origin(failure.option);
        if (origin.empty()) throw;
        throw run::Failure(failure.exit, "config",
                           origin + ": " + failure.option + ": " + run::options_as_keys(failure.complaint()),
                           run::options_as_keys(failure.hint));
    }
}

bool has_retention(const config::Config& config) {
    return config.find(config.retention, "max_age") || config.find(config.retention, "max_count");
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
        const auto keep = text::whole_number<int>(count->values[0]);
        if (!keep || *keep < 1)
            throw run::Failure(run::Exit::usage, "config",
                               count->origin + ": max_count is not a number above 0");
        ops::PruneRequest request;
        request.everything = true;
        request.keep = *keep;
        ops::prune(view, request);
    }
}

}  // namespace sigmund::cli
