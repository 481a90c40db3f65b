// SPDX-License-Identifier: Apache-2.0
// The launch options a record keeps, so that the run can be started again: names of variables, never their
// values.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "run/caller_descriptors.hpp"
#include "run/record.hpp"

namespace sigmund::run {
namespace {

using Json = nlohmann::ordered_json;

Json signal_list(sys::SignalBits bits) {
    return Json(sys::signal_names(bits));
}

sys::SignalBits read_signals(const Json& object, const char* name) {
    sys::SignalBits bits = 0;
    if (!object.contains(name) || !object[name].is_array()) return bits;
    for (const Json& entry : object[name])
        if (entry.is_string())
            if (const auto signal = sys::parse_signal(entry.get<std::string>()))
                bits |= sys::signal_bit(*signal);
    return bits;
}

template <typename T>
void read(const Json& object, const char* name, T& out) {
    const auto it = object.find(name);
    if (it == object.end()) return;
    if constexpr (std::is_same_v<T, std::string>) {
        if (it->is_string()) out = it->get<std::string>();
    } else if constexpr (std::is_same_v<T, bool>) {
        if (it->is_boolean()) out = it->get<bool>();
    } else {
        if (it->is_number_integer()) out = static_cast<T>(it->get<std::int64_t>());
    }
}

void read_strings(const Json& object, const char* name, std::vector<std::string>& out) {
    const auto it = object.find(name);
    if (it == object.end() || !it->is_array()) return;
    for (const Json& entry : *it)
        if (entry.is_string()) out.push_back(entry.get<std::string>());
}

void write_supervision(Json& out, const Spec& spec) {
    const Spec none;
    if (spec.restart_on != 0) out["restart_on"] = signal_list(spec.restart_on);
    if (!spec.ready.empty()) {
        out["ready"] = spec.ready;
        out["ready_timeout_ms"] = spec.ready_timeout;
        if (spec.ready_shared) out["ready_shared"] = true;
    }
    if (!spec.health.command.empty()) {
        out["health"] = spec.health.command;
        out["health_interval_ms"] = spec.health.interval;
        out["health_timeout_ms"] = spec.health.timeout;
        out["health_retries"] = spec.health.retries;
        out["health_start_ms"] = spec.health.start;
    }
    if (spec.pool > 0) out["pool"] = spec.pool;
    if (spec.watch.active()) {
        out["watch"] = spec.watch.paths;
        out["watch_ext"] = spec.watch.extensions;
        out["watch_exclude"] = spec.watch.excludes;
        out["debounce_ms"] = spec.watch.debounce;
        if (spec.watch.all) out["watch_all"] = true;
        if (spec.watch.poll > 0) out["watch_poll_ms"] = spec.watch.poll;
        if (spec.watch.signal != 0) out["watch_signal"] = sys::signal_name(spec.watch.signal);
    }
    if (!spec.on_exit.empty()) out["on_exit"] = spec.on_exit;
    if (!spec.pid_file.empty()) out["pid_file"] = spec.pid_file;
    if (!spec.leases.empty()) out["while"] = spec.leases;
    if (spec.log_max_size > 0) {
        out["log_max_size"] = spec.log_max_size;
        out["log_keep"] = spec.log_keep;
    }
}

void read_supervision(const Json& options, Spec& spec) {
    spec.restart_on = read_signals(options, "restart_on");
    read_strings(options, "ready", spec.ready);
    read(options, "ready_timeout_ms", spec.ready_timeout);
    read(options, "ready_shared", spec.ready_shared);
    read(options, "health", spec.health.command);
    read(options, "health_interval_ms", spec.health.interval);
    read(options, "health_timeout_ms", spec.health.timeout);
    read(options, "health_retries", spec.health.retries);
    read(options, "health_start_ms", spec.health.start);
    read(options, "pool", spec.pool);
    // Only in older records: now the stages' own list has them.
    if (spec.stages.empty() && options.contains("stages") && options["stages"].is_array())
        for (const Json& stage : options["stages"]) {
            spec.stages.emplace_back();
            if (!stage.is_array()) continue;
            for (const Json& word : stage)
                if (word.is_string()) spec.stages.back().push_back(word.get<std::string>());
        }
    read_strings(options, "watch", spec.watch.paths);
    read_strings(options, "watch_ext", spec.watch.extensions);
    read_strings(options, "watch_exclude", spec.watch.excludes);
    read(options, "debounce_ms", spec.watch.debounce);
    read(options, "watch_all", spec.watch.all);
    read(options, "watch_poll_ms", spec.watch.poll);
    std::string watch_signal;
    read(options, "watch_signal", watch_signal);
    spec.watch.signal = sys::parse_signal(watch_signal).value_or(0);
    read(options, "on_exit", spec.on_exit);
    read(options, "pid_file", spec.pid_file);
    read_strings(options, "while", spec.leases);
    read(options, "log_max_size", spec.log_max_size);
    read(options, "log_keep", spec.log_keep);
}

constexpr std::string_view restart_names[] = {"no", "on-failure", "always", "on-exit"};

}  // namespace

std::string write_options(const Spec& spec) {
    Json out = Json::object();
    const Spec defaults;
    if (spec.environment.clean) out["clean_env"] = true;
    if (!spec.environment.unset.empty()) out["unset_env"] = spec.environment.unset;
    if (!spec.environment.files.empty()) out["env_files"] = spec.environment.files;
    Json names = Json::array();
    for (const std::string& entry : spec.environment.set) names.push_back(entry.substr(0, entry.find('=')));
    // What a start by `again` had to do without is said by the next one too.
    for (const std::string& name : spec.environment.lost)
        if (std::find(names.begin(), names.end(), Json(name)) == names.end()) names.push_back(name);
    if (!names.empty()) out["env_names"] = names;
    out["path_hash"] = path_hash();
    if (!spec.stdin_path.empty()) out["stdin"] = spec.stdin_path;
    if (!spec.log_path.empty()) out["log"] = spec.log_path;
    if (spec.umask) out["umask"] = *spec.umask;
    if (spec.nice) out["nice"] = *spec.nice;
    Json limits = Json::array();
    for (const auto& setting : spec.rlimits)
        limits.push_back(Json{{"resource", rlimit_name(setting.resource)},
                              {"soft", setting.limit.rlim_cur},
                              {"hard", setting.limit.rlim_max}});
    if (!limits.empty()) out["rlimits"] = limits;
    if (!spec.signals.reset) out["inherit_signals"] = true;
    if (spec.signals.ignore) out["ignore"] = signal_list(spec.signals.ignore);
    if (spec.signals.defaults) out["default"] = signal_list(spec.signals.defaults);
    if (spec.signals.block) out["block"] = signal_list(spec.signals.block);
    if (spec.signals.unblock) out["unblock"] = signal_list(spec.signals.unblock);
    if (spec.timeout >= 0) out["timeout_ms"] = spec.timeout;
    // Descriptors of the caller's cannot be had again; their numbers are kept, so that it can be said.
    if (!spec.keep_fds.empty()) out["keep_fds"] = spec.keep_fds;
    if (!spec.lost_fds.empty()) out["lost_fds"] = spec.lost_fds;
    // The pauses and limits also serve --watch, --health and `sigmund restart`, without --restart.
    if (spec.restart.when != RestartWhen::no || spec.restart.max_restarts != defaults.restart.max_restarts ||
        spec.restart.backoff_min != defaults.restart.backoff_min ||
        spec.restart.backoff_max != defaults.restart.backoff_max ||
        spec.restart.window != defaults.restart.window) {
        out["restart"] = restart_names[static_cast<std::size_t>(spec.restart.when)];
        if (!spec.restart.codes.empty()) out["restart_codes"] = spec.restart.codes;
        out["max_restarts"] = spec.restart.max_restarts;
        out["backoff_min_ms"] = spec.restart.backoff_min;
        out["backoff_max_ms"] = spec.restart.backoff_max;
        out["restart_window_ms"] = spec.restart.window;
    }
    write_supervision(out, spec);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::uint64_t path_hash() {
    // FNV-1a, cut to what every JSON reader keeps exactly.
    std::uint64_t hash = 14695981039346656037ULL;
    const char* path = std::getenv("PATH");
    for (const char* c = path ? path : ""; *c; ++c)
        hash = (hash ^ static_cast<unsigned char>(*c)) * 1099511628211ULL;
    return (hash & ((1ULL << 53) - 1)) | 1;
}

std::uint64_t recorded_path_hash(const Record& record) {
    const Json options = Json::parse(record.options_json, nullptr, false);
    std::int64_t hash = 0;
    if (options.is_object()) read(options, "path_hash", hash);
    return static_cast<std::uint64_t>(hash);
}

std::vector<std::string> variables_set(const Record& record) {
    std::vector<std::string> out;
    const Json options = Json::parse(record.options_json, nullptr, false);
    if (options.is_object()) read_strings(options, "env_names", out);
    return out;
}

std::vector<int> caller_descriptors(const Record& record) {
    std::vector<int> out;
    const Json options = Json::parse(record.options_json, nullptr, false);
    for (const char* key : {"keep_fds", "lost_fds"}) {
        if (!options.is_object() || !options.contains(key) || !options[key].is_array()) continue;
        for (const Json& number : options[key])
            if (number.is_number_integer()) out.push_back(number.get<int>());
    }
    return out;
}

Spec read_spec(const Record& record) {
    Spec spec;
    spec.argv = record.argv;
    // Records of 0.1.0 keep them among the options too, where a word that is not UTF-8 is whole in neither.
    for (const Part& stage : record.stages)
        if (!stage.argv.empty()) spec.stages.push_back(stage.argv);
    spec.name = record.name;
    spec.tags = record.tags;
    spec.cwd = record.cwd;
    spec.project = record.project;
    spec.split_log = record.split_log;
    spec.keep = record.keep;
    if (!record.survive.empty()) spec.survive = record.survive;
    if (record.stop_signal != 0) spec.stop_signal = record.stop_signal;
    if (record.stop_timeout) spec.stop_timeout = *record.stop_timeout;
    const Json options =
        Json::parse(record.options_json.empty() ? "{}" : record.options_json, nullptr, false);
    if (!options.is_object()) return spec;
    read(options, "clean_env", spec.environment.clean);
    read_strings(options, "unset_env", spec.environment.unset);
    read_strings(options, "env_files", spec.environment.files);
    read_strings(options, "env_names", spec.environment.lost);
    spec.lost_fds = caller_descriptors(record);
    read(options, "stdin", spec.stdin_path);
    read(options, "log", spec.log_path);
    if (mode_t mask = 0; options.contains("umask")) {
        read(options, "umask", mask);
        spec.umask = mask;
    }
    if (int nice = 0; options.contains("nice")) {
        read(options, "nice", nice);
        spec.nice = nice;
    }
    if (options.contains("rlimits") && options["rlimits"].is_array()) {
        for (const Json& entry : options["rlimits"]) {
            std::string name;
            sys::RlimitSetting setting{};
            if (!entry.is_object()) continue;
            read(entry, "resource", name);
            read(entry, "soft", setting.limit.rlim_cur);
            read(entry, "hard", setting.limit.rlim_max);
            if (const auto resource = rlimit_resource(name)) {
                setting.resource = *resource;
                spec.rlimits.push_back(setting);
            }
        }
    }
    bool inherit = false;
    read(options, "inherit_signals", inherit);
    spec.signals.reset = !inherit;
    spec.signals.ignore = read_signals(options, "ignore");
    spec.signals.defaults = read_signals(options, "default");
    spec.signals.block = read_signals(options, "block");
    spec.signals.unblock = read_signals(options, "unblock");
    read(options, "timeout_ms", spec.timeout);
    std::string when;
    read(options, "restart", when);
    for (std::size_t i = 0; i < std::size(restart_names); ++i)
        if (restart_names[i] == when) spec.restart.when = static_cast<RestartWhen>(i);
    if (options.contains("restart_codes") && options["restart_codes"].is_array())
        for (const Json& code : options["restart_codes"])
            if (code.is_number_integer()) spec.restart.codes.push_back(code.get<int>());
    read(options, "max_restarts", spec.restart.max_restarts);
    read(options, "backoff_min_ms", spec.restart.backoff_min);
    read(options, "backoff_max_ms", spec.restart.backoff_max);
    read(options, "restart_window_ms", spec.restart.window);
    read_supervision(options, spec);
    return spec;
}

}  // namespace sigmund::run
