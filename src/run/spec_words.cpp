// SPDX-License-Identifier: Apache-2.0
#include "run/spec_words.hpp"

#include <cstdio>

namespace sigmund::run {
namespace {

class Words {
  public:
    void flag(bool set, const char* name) {
        if (set) out_.push_back(std::string("--") + name);
    }
    void value(const char* name, const std::string& value) {
        if (value.empty()) return;
        out_.push_back(std::string("--") + name);
        out_.push_back(value);
    }
    void values(const char* name, const std::vector<std::string>& values) {
        for (const std::string& each : values) value(name, each);
    }
    void number(const char* name, std::int64_t number, std::int64_t usual) {
        if (number != usual) value(name, std::to_string(number));
    }
    void time(const char* name, std::int64_t ms, std::int64_t usual) {
        if (ms != usual) value(name, duration(ms));
    }
    void signals(const char* name, sys::SignalBits bits) { values(name, sys::signal_names(bits)); }
    static std::string duration(std::int64_t ms) {
        return ms % 1000 == 0 ? std::to_string(ms / 1000) + 's' : std::to_string(ms) + "ms";
    }
    std::vector<std::string> take() { return std::move(out_); }

  private:
    std::vector<std::string> out_;
};

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& each : list) out += (out.empty() ? "" : ",") + each;
    return out;
}

std::string limit_text(rlim_t limit) {
    return limit == RLIM_INFINITY ? "unlimited" : std::to_string(limit);
}

void add_restart(Words& words, const RestartPolicy& policy, const RestartPolicy& usual) {
    static constexpr const char* names[] = {"no", "on-failure", "always", "on-exit"};
    std::string when = names[static_cast<std::size_t>(policy.when)];
    for (std::size_t i = 0; i < policy.codes.size(); ++i)
        when += (i == 0 ? "=" : ",") + std::to_string(policy.codes[i]);
    if (policy.when != RestartWhen::no) words.value("restart", when);
    words.number("max-restarts", policy.max_restarts, usual.max_restarts);
    if (policy.backoff_min != usual.backoff_min || policy.backoff_max != usual.backoff_max)
        words.value("backoff",
                    Words::duration(policy.backoff_min) + ".." + Words::duration(policy.backoff_max));
    words.time("restart-window", policy.window, usual.window);
}

void add_process(Words& words, const Spec& spec) {
    words.flag(spec.environment.clean, "clean-env");
    words.values("env-file", spec.environment.files);
    words.values("unset-env", spec.environment.unset);
    words.values("env", spec.environment.set);
    words.value("stdin", spec.stdin_path);
    words.value("log", spec.log_path);
    words.flag(spec.split_log, "split-log");
    if (spec.umask) {
        char octal[8];
        std::snprintf(octal, sizeof octal, "%03o", *spec.umask & 07777U);
        words.value("umask", octal);
    }
    if (spec.nice) words.value("nice", std::to_string(*spec.nice));
    for (const sys::RlimitSetting& each : spec.rlimits)
        words.value("rlimit", rlimit_name(each.resource) + '=' + limit_text(each.limit.rlim_cur) + ':' +
                                  limit_text(each.limit.rlim_max));
    words.flag(!spec.signals.reset, "inherit-signals");
    words.signals("ignore", spec.signals.ignore);
    words.signals("default", spec.signals.defaults);
    words.signals("block", spec.signals.block);
    words.signals("unblock", spec.signals.unblock);
}

}  // namespace

std::vector<std::string> spec_words(const Spec& spec) {
    const Spec usual;
    Words words;
    words.value("name", spec.name);
    words.values("tag", spec.tags);
    add_process(words, spec);
    if (spec.stop_signal != usual.stop_signal) words.value("stop-signal", sys::signal_name(spec.stop_signal));
    words.time("stop-timeout", spec.stop_timeout, usual.stop_timeout);
    words.time("timeout", spec.timeout, usual.timeout);
    words.values("ready", spec.ready);
    words.time("ready-timeout", spec.ready_timeout, usual.ready_timeout);
    words.flag(spec.ready_shared, "ready-shared");
    add_restart(words, spec.restart, usual.restart);
    words.signals("restart-on", spec.restart_on);
    words.value("health", spec.health.command);
    words.time("health-interval", spec.health.interval, usual.health.interval);
    words.time("health-timeout", spec.health.timeout, usual.health.timeout);
    words.number("health-retries", spec.health.retries, usual.health.retries);
    words.time("health-start", spec.health.start, usual.health.start);
    words.number("pool", spec.pool, usual.pool);
    words.values("watch", spec.watch.paths);
    words.value("watch-ext", joined(spec.watch.extensions));
    words.values("watch-exclude", spec.watch.excludes);
    words.flag(spec.watch.all, "watch-all");
    if (spec.watch.signal != 0) words.value("watch-signal", sys::signal_name(spec.watch.signal));
    words.time("watch-poll", spec.watch.poll, usual.watch.poll);
    words.time("debounce", spec.watch.debounce, usual.watch.debounce);
    words.value("on-exit", spec.on_exit);
    words.value("pid-file", spec.pid_file);
    words.values("while", spec.leases);
    words.number("log-max-size", spec.log_max_size, usual.log_max_size);
    words.number("log-keep", spec.log_keep, usual.log_keep);
    if (spec.survive != usual.survive) words.value("survive", spec.survive);
    words.flag(spec.keep, "keep");
    return words.take();
}

}  // namespace sigmund::run
