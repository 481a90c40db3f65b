// SPDX-License-Identifier: Apache-2.0
#include "ops/unit_options.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sys/signals.hpp"
#include "text/unit_words.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

constexpr UnitOption yes(std::string_view option) {
    return {option, true, {}};
}
constexpr UnitOption no(std::string_view option, std::string_view why) {
    return {option, false, why};
}

constexpr auto options = std::to_array<UnitOption>({
    yes("name"),
    no("tag", "a unit has no tags"),
    yes("cwd"),
    no("clean-env", "a unit gets the environment of the user manager, which is not that of a shell"),
    yes("unset-env"),
    yes("env-file"),
    yes("env"),
    yes("stdin"),
    yes("log"),
    no("tty",
       "systemd opens no terminal of its own; without one, output comes in blocks and without colours"),
    no("split-log", "journalctl shows stdout and stderr together"),
    yes("umask"),
    yes("nice"),
    yes("rlimit"),
    no("inherit-signals", "systemd sets the signals of its commands"),
    yes("ignore"),
    yes("default"),
    no("block", "a unit cannot block signals"),
    yes("unblock"),
    yes("stop-signal"),
    yes("stop-timeout"),
    yes("timeout"),
    no("keep-fd", "a unit has no descriptors of a shell"),
    yes("restart"),
    yes("max-restarts"),
    yes("backoff"),
    yes("restart-window"),
    no("restart-on", "systemd restarts by `systemctl --user restart`"),
    yes("ready"),
    yes("ready-timeout"),
    yes("ready-shared"),
    no("ready-fail", "systemd does not read what a command prints"),
    no("health", "systemd has no health checks but WatchdogSec=, which the command must serve itself"),
    no("health-interval", "it belongs to health"),
    no("health-timeout", "it belongs to health"),
    no("health-retries", "it belongs to health"),
    no("health-start", "it belongs to health"),
    yes("port"),
    no("pool", "a unit has one command; several need a template unit, NAME@.service"),
    no("watch", "that needs a path unit (systemd.path(5)), which cannot restart a service"),
    no("watch-ext", "it belongs to watch"),
    no("watch-exclude", "it belongs to watch"),
    no("debounce", "it belongs to watch"),
    no("watch-all", "it belongs to watch"),
    no("watch-poll", "it belongs to watch"),
    no("watch-signal", "it belongs to watch"),
    yes("on-exit"),
    no("pid-file", "PIDFile= does not write one"),
    no("while", "a unit ends with the session, or by RuntimeMaxSec="),
    no("log-max-size", "journald limits the journal (journald.conf(5)), and logrotate(8) other files"),
    no("log-keep", "it belongs to log-max-size"),
    no("log-times", "the journal keeps the time of each line (journalctl(1))"),
    yes("survive"),
    yes("keep"),
});

void line(UnitFile& out, std::string_view key, std::string_view value) {
    out.text += std::string(key) + '=' + std::string(value) + '\n';
}

// LimitNOFILE= for nofile.
std::string limit_key(int resource) {
    std::string out = "Limit";
    for (const char c : run::rlimit_name(resource))
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::string limit_text(rlim_t limit) {
    return limit == RLIM_INFINITY ? "infinity" : std::to_string(limit);
}

// A path behind `file:` or `append:`.
void file_line(UnitFile& out, std::string_view key, std::string_view kind, std::string_view option,
               const std::string& path) {
    if (const auto rest = text::unit_rest(path))
        line(out, key, std::string(kind) + *rest);
    else
        out.notes.push_back(std::string(option) + " was left out: systemd cannot read the path " + path +
                            '.');
}

}  // namespace

const UnitOption* unit_option(std::string_view name) {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const UnitOption& each) { return each.option == name; });
    return found == options.end() ? nullptr : found;
}

std::string unit_time(std::int64_t milliseconds) {
    if (milliseconds <= 0) return "1ms";
    return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + 's'
                                    : std::to_string(milliseconds) + "ms";
}

bool is_unit_variable(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
           std::all_of(name.begin(), name.end(), fits);
}

std::string escape_glob(std::string_view path) {
    std::string out;
    for (const char c : path) {
        if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

void write_ends(UnitFile& out, const run::Spec& spec, bool once) {
    line(out, "KillMode", "control-group");
    if (spec.stop_signal != SIGTERM) line(out, "KillSignal", sys::signal_name(spec.stop_signal));
    line(out, "TimeoutStopSec", unit_time(spec.stop_timeout));
    if (spec.timeout >= 0) {
        line(out, once ? "TimeoutStartSec" : "RuntimeMaxSec", unit_time(spec.timeout));
        if (spec.restart.when != run::RestartWhen::no)
            out.notes.emplace_back(
                "timeout is the time of one start: systemd restarts the command after it.");
    }
    if (spec.on_exit.empty()) return;
    line(out, "ExecStopPost", "/bin/sh -c " + text::unit_word(spec.on_exit, text::UnitPlace::command));
    out.notes.emplace_back(
        "on-exit runs after every start, and has SERVICE_RESULT, EXIT_CODE and EXIT_STATUS instead of "
        "sigmund's variables.");
}

void write_start_limit(UnitFile& out, const run::Spec& spec) {
    const run::RestartPolicy& policy = spec.restart;
    if (policy.when == run::RestartWhen::no) return;
    if (policy.max_restarts < 0) {
        line(out, "StartLimitIntervalSec", "0");
        return;
    }
    // This many starts take less time than this, when no life reaches the window.
    const std::int64_t starts = std::int64_t{policy.max_restarts} + 1;
    const std::int64_t longest = 365LL * 24 * 3600 * 1000;
    const std::int64_t each =
        std::min(std::max<std::int64_t>(policy.window, 0) + policy.backoff_min, longest);
    line(out, "StartLimitIntervalSec", unit_time(std::min(longest / each, starts) * each));
    line(out, "StartLimitBurst", std::to_string(starts));
    out.notes.emplace_back(
        "max-restarts became a number of starts within a time, after which systemd gives up.");
}

void write_restarts(UnitFile& out, const run::Spec& spec) {
    const run::RestartPolicy& policy = spec.restart;
    std::vector<std::string> codes;
    switch (policy.when) {
        case run::RestartWhen::no:
            line(out, "Restart", "no");
            return;
        case run::RestartWhen::always:
            line(out, "Restart", "always");
            break;
        case run::RestartWhen::on_failure:
            // An end by one of these signals is no failure for systemd.
            line(out, "Restart", "on-failure");
            line(out, "RestartForceExitStatus", "SIGHUP SIGINT SIGTERM SIGPIPE");
            break;
        case run::RestartWhen::on_exit:
            for (const int code : policy.codes) codes.push_back(std::to_string(code));
            line(out, "Restart", "no");
            line(out, "RestartForceExitStatus", text::join(codes, " "));
            break;
    }
    line(out, "RestartSec", unit_time(policy.backoff_min));
    if (policy.backoff_max > policy.backoff_min) {
        out.text +=
            "# From systemd 254 on, these lines let the pause grow, as sigmund does:\n# RestartSteps=8\n"
            "# RestartMaxDelaySec=" +
            unit_time(policy.backoff_max) + '\n';
        out.notes.push_back("The pause before a restart is always " + unit_time(policy.backoff_min) +
                            ": before version 254, systemd cannot let it grow.");
    }
}

void write_files(UnitFile& out, const run::Spec& spec) {
    if (spec.stdin_path == run::open_input)
        out.notes.push_back("The input is /dev/null, since systemd does not keep one open (--stdin open).");
    else if (!spec.stdin_path.empty())
        file_line(out, "StandardInput", "file:", "stdin", spec.stdin_path);
    if (spec.log_path.empty()) {
        line(out, "StandardOutput", "journal");
    } else {
        file_line(out, "StandardOutput", "append:", "log", spec.log_path);
    }
    line(out, "StandardError", "inherit");
}

void write_limits(UnitFile& out, const run::Spec& spec) {
    const bool ignores_pipe = (spec.signals.ignore & sys::signal_bit(SIGPIPE)) != 0 &&
                              (spec.signals.defaults & sys::signal_bit(SIGPIPE)) == 0;
    line(out, "IgnoreSIGPIPE", ignores_pipe ? "yes" : "no");
    if ((spec.signals.ignore & ~(sys::signal_bit(SIGPIPE) | spec.signals.defaults)) != 0)
        out.notes.emplace_back("ignore was left out: a unit can only let SIGPIPE be ignored.");
    if (spec.umask) {
        char mask[16];
        std::snprintf(mask, sizeof mask, "%04o", static_cast<unsigned>(*spec.umask));
        line(out, "UMask", mask);
    }
    if (spec.nice) line(out, "Nice", std::to_string(*spec.nice));
    for (const sys::RlimitSetting& each : spec.rlimits)
        line(out, limit_key(each.resource),
             limit_text(each.limit.rlim_cur) + ':' + limit_text(each.limit.rlim_max));
}

}  // namespace sigmund::ops
