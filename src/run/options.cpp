// SPDX-License-Identifier: Apache-2.0
#include "run/options.hpp"

#include <algorithm>

#include "run/failure.hpp"
#include "run/option_rows.hpp"

namespace sigmund::run {
namespace {

constexpr std::size_t configurable_count = [] {
    std::size_t count = 0;
    for (const LaunchOption& row : launch_rows) count += row.kept != Kept::on_the_line ? 1 : 0;
    return count;
}();
constexpr auto configurable = [] {
    std::array<Option, configurable_count> out{};
    std::size_t at = 0;
    for (const LaunchOption& row : launch_rows)
        if (row.kept != Kept::on_the_line) out[at++] = row.option;
    return out;
}();

const LaunchOption* row_of(const Option& option) {
    for (const LaunchOption& row : launch_rows)
        if (row.option.name == option.name) return &row;
    return nullptr;
}

// Sets what follows from other options where an option is not given: a worker of a pool that ends is
// replaced.
void imply_restart(Spec& spec) {
    if (spec.pool > 0) spec.restart.when = RestartWhen::always;
}

// Reads each option by itself, and what follows from them.
Spec read_options(std::span<const GivenOption> given, std::string (*folder)()) {
    Spec spec;
    bool restart_given = false;
    for (const GivenOption& each : given) {
        const LaunchOption* row = row_of(*each.option);
        if (!row || !row->codec) continue;
        row->codec->parse({row->option, each.values, folder}, spec);
        restart_given = restart_given || row == &launch_row("restart");
    }
    if (!restart_given) imply_restart(spec);
    return spec;
}

// Returns the spec without any option, but with what follows from the pool of this one.
Spec usual_with_pool(const Spec& spec) {
    Spec usual;
    usual.pool = spec.pool;
    imply_restart(usual);
    usual.pool = 0;
    return usual;
}

void check_together(const Spec& spec) {
    const auto clash = [](const char* what, const char* hint = "") {
        throw Failure(Exit::usage, "usage", what, hint);
    };
    if (!spec.ready_fail.empty() && spec.ready.empty())
        throw Failure::of_option("ready-fail", "it counts only until the run is ready, and needs --ready",
                                 "add --ready, as in --ready tcp:3000");
    if (spec.pool > 0 && !spec.pid_file.empty())
        clash("--pid-file names one process, and a pool has several");
    if (!spec.tty.empty() && spec.split_log)
        clash("--tty and --split-log do not go together: a terminal has one stream of output");
    if (!spec.tty.empty() && !spec.stdin_path.empty())
        clash("--tty and --stdin do not go together: the terminal is the input", "sigmund send writes to it");
    if (!spec.tty.empty() && !spec.stages.empty()) clash("a pipe has no terminal (--tty)");
    if (spec.pool > 0 && spec.stdin_path == open_input)
        clash("--stdin open is the input of one process, and a pool has several",
              "start several runs, as in --name worker-1");
    if (const int port = std::max(spec.port.number, spec.port.base);
        spec.pool > 0 && port + spec.pool - 1 > highest_port)
        clash("--port and --pool: the last worker would have a port above 65535", "choose a lower port");
    if (spec.log_max_size > 0 && spec.split_log)
        clash("--log-max-size and --split-log do not go together", "limit the one log, or split it");
    if (spec.log_times && spec.split_log)
        clash("--log-times and --split-log do not go together", "keep the times of the one log, or split it");
    if (spec.watch.active() && spec.restart.when != RestartWhen::no)
        clash("--watch and --restart do not go together",
              "with --watch the command starts again at each change");
    if (!spec.log_path.empty() && spec.pool > 0 && spec.split_log)
        clash("--log and the split logs of a pool do not go together");
}

}  // namespace

std::span<const Option> configurable_options() {
    return configurable;
}

Spec parse_options(std::span<const GivenOption> given, std::string (*folder)()) {
    Spec spec = read_options(given, folder);
    check_together(spec);
    return spec;
}

std::vector<std::string> spec_words(const Spec& spec) {
    std::vector<std::string> out, values;
    const Spec usual = usual_with_pool(spec);
    for (const LaunchOption& row : launch_rows) {
        if (!row.codec || !row.codec->differs(spec, usual)) continue;
        const std::string name = "--" + std::string(row.option.name);
        values.clear();
        row.codec->type(spec, values);
        if (row.option.value == Value::none) out.push_back(name);
        for (std::string& value : values) {
            if (row.option.value == Value::optional) {
                out.push_back(value.empty() ? name : name + '=' + value);
                continue;
            }
            out.push_back(name);
            out.push_back(std::move(value));
        }
    }
    return out;
}

std::vector<StatedOption> stated_options(std::span<const GivenOption> given, std::string (*folder)()) {
    std::vector<StatedOption> out;
    const Spec spec = read_options(given, folder), usual = usual_with_pool(spec);
    for (const GivenOption& each : given) {
        const LaunchOption* row = row_of(*each.option);
        if (!row || !row->codec || !row->codec->differs(spec, usual)) continue;
        StatedOption stated{row->option.name, {}};
        if (row->option.value != Value::none) row->codec->type(spec, stated.values);
        out.push_back(std::move(stated));
    }
    return out;
}

std::vector<std::string> lost_options(const Spec& spec) {
    std::vector<std::string> out;
    for (const LaunchOption& row : launch_rows)
        if (row.lost)
            for (std::string& sentence : row.lost(spec)) out.push_back(std::move(sentence));
    return out;
}

std::vector<std::pair<std::string_view, std::string>> usual_values() {
    std::vector<std::pair<std::string_view, std::string>> out;
    const Spec usual;
    for (const LaunchOption& row : launch_rows) {
        if (!row.codec) continue;
        std::string value = row.codec->usual(usual);
        if (!value.empty()) out.emplace_back(row.option.name, std::move(value));
    }
    return out;
}

}  // namespace sigmund::run
