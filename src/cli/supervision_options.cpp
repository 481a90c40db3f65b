// SPDX-License-Identifier: Apache-2.0
#include "cli/supervision_options.hpp"

#include <signal.h>

#include <charconv>

#include "cli/known_words.hpp"
#include "cli/option_values.hpp"
#include "ops/launch.hpp"
#include "run/failure.hpp"
#include "text/duration.hpp"
#include "text/ignore.hpp"
#include "text/size.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

constexpr int most_workers = 1000;
constexpr std::int64_t least_poll = 50;  // ms

[[noreturn]] void bad(const std::string& option, const std::string& value, const std::string& what,
                      const std::string& hint = {}) {
    throw Failure(Exit::usage, "usage", "--" + option + ": \"" + value + "\" " + what, hint);
}

std::vector<std::string> split(const std::string& text, const char* separator) {
    const std::size_t width = std::string_view(separator).size();
    std::vector<std::string> out;
    for (std::size_t at = 0;;) {
        const auto end = std::min(text.find(separator, at), text.size());
        out.push_back(text.substr(at, end - at));
        if (end == text.size()) return out;
        at = end + width;
    }
}

std::optional<int> whole(const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

void read_restart(const Args& args, run::RestartPolicy& restart) {
    using When = run::RestartWhen;
    if (const auto word = args.value("restart")) {
        if (*word == "no") {
            restart.when = When::no;
        } else if (*word == "on-failure") {
            restart.when = When::on_failure;
        } else if (*word == "always") {
            restart.when = When::always;
        } else if (word->starts_with("on-exit=")) {
            restart.when = When::on_exit;
            for (const std::string& text : split(word->substr(8), ",")) {
                const auto code = whole(text);
                if (!code || *code > 255)
                    bad("restart", *word, "has no list of exit codes", "as in on-exit=129,75");
                restart.codes.push_back(*code);
            }
        } else {
            bad("restart", *word, "is no policy", "no, on-failure, always or on-exit=N[,N]");
        }
    }
    if (const auto most = number_option(args, "max-restarts", 0))
        restart.max_restarts = static_cast<int>(*most);
    if (const auto text = args.value("backoff")) {
        const auto dots = text->find("..");
        const auto least = text::parse_duration(text->substr(0, dots));
        const auto most = dots == std::string::npos ? least : text::parse_duration(text->substr(dots + 2));
        if (!least || !most || *most < *least)
            bad("backoff", *text, "is not MIN or MIN..MAX", "as in 100ms..30s");
        restart.backoff_min = *least;
        restart.backoff_max = dots == std::string::npos ? std::max(*least, restart.backoff_max) : *most;
    }
    restart.window = duration_option(args, "restart-window").value_or(restart.window);
}

sys::SignalBits read_restart_on(const Args& args) {
    sys::SignalBits bits = 0;
    for (const std::string& word : args.all("restart-on")) {
        const int signal = signal_word("restart-on", word);
        if (signal == SIGTERM || signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD)
            bad("restart-on", word, "has a meaning of its own for the guardian", "HUP or USR1, for example");
        bits |= sys::signal_bit(signal);
    }
    return bits;
}

void read_ready(const Args& args, run::Spec& spec) {
    spec.ready = args.all("ready");
    std::string problem;
    for (const std::string& word : spec.ready)
        if (!run::parse_probe(word, "/", problem))
            bad("ready", word, problem, "as in tcp:6379, unix:/run/db.sock or http://localhost:8080/");
    spec.ready_timeout = duration_option(args, "ready-timeout").value_or(spec.ready_timeout);
    spec.ready_shared = args.has("ready-shared");
}

void read_health(const Args& args, run::Health& health) {
    health.command = args.value("health").value_or("");
    health.interval = duration_option(args, "health-interval").value_or(health.interval);
    health.timeout = duration_option(args, "health-timeout").value_or(health.timeout);
    health.start = duration_option(args, "health-start").value_or(health.start);
    if (const auto retries = number_option(args, "health-retries", 1))
        health.retries = static_cast<int>(*retries);
    if (health.interval < 100) bad("health-interval", *args.value("health-interval"), "is less than 100ms");
}

// Without what changes nothing: repeated slashes, dots, a slash at the end.
std::string tidy(const std::string& path) {
    std::string out;
    for (const std::string& part : split(path, "/"))
        if (!part.empty() && part != ".") out += '/' + part;
    return out.empty() ? "/" : out;
}

// A name, or a name with a slash at the end, is meant anywhere. All else is a path, where only what was typed
// can be a pattern: not the folder that it is taken from.
std::string read_exclude(const std::string& word) {
    const bool folder = word.size() > 1 && word.ends_with('/');
    const std::string bare = folder ? word.substr(0, word.size() - 1) : word;
    if (bare.empty()) bad("watch-exclude", word, "is not a folder or a pattern", "as in build or '*.log'");
    if (bare.find('/') == std::string::npos && bare != "." && bare != "..") return word;
    const std::string from = bare[0] == '/' ? "" : text::escape_glob(absolute("."));
    return tidy(from + '/' + bare) + (folder ? "/" : "");
}

void read_watch(const Args& args, run::WatchSpec& watch) {
    for (const std::string& path : args.all("watch")) watch.paths.push_back(absolute(path));
    for (std::string& path : watch.paths) path = tidy(path);
    for (const std::string& list : args.all("watch-ext"))
        for (const std::string& extension : split(list, ",")) {
            if (extension.empty() || extension.find('/') != std::string::npos)
                bad("watch-ext", list, "is not a list of endings", "as in .c,.h");
            watch.extensions.push_back(extension.starts_with('.') ? extension : '.' + extension);
        }
    for (const std::string& word : args.all("watch-exclude")) watch.excludes.push_back(read_exclude(word));
    watch.all = args.has("watch-all");
    if (const auto word = args.value("watch-signal")) {
        const auto signal = sys::parse_signal(*word);
        if (!signal) bad("watch-signal", *word, "is not a signal");
        if (*signal == SIGKILL || *signal == SIGSTOP)
            bad("watch-signal", *word, "is nothing that a command can act on", "HUP or USR1, for example");
        watch.signal = *signal;
    }
    if (const auto pause = duration_option(args, "watch-poll")) {
        if (*pause < least_poll) bad("watch-poll", *args.value("watch-poll"), "is less than 50ms");
        watch.poll = *pause;
    }
    watch.debounce = duration_option(args, "debounce").value_or(watch.debounce);
}

void read_log_size(const Args& args, run::Spec& spec) {
    if (const auto text = args.value("log-max-size")) {
        const auto size = text::parse_size(*text);
        if (!size || (*size > 0 && *size < 1024) || *size > (1ULL << 50))
            bad("log-max-size", *text, "is not a size of 1K at least", "as in 10M");
        spec.log_max_size = static_cast<std::int64_t>(*size);
    }
    if (const auto keep = number_option(args, "log-keep", 0))
        spec.log_keep = static_cast<int>(std::min(*keep, 999LL));
}

void check_together(const run::Spec& spec) {
    const auto clash = [](const char* what, const char* hint = "") {
        throw Failure(Exit::usage, "usage", what, hint);
    };
    if (spec.pool > 0 && !spec.pid_file.empty())
        clash("--pid-file names one process, and a pool has several");
    if (spec.pool > 0 && !spec.stages.empty()) clash("a pipe cannot be a pool");
    if (spec.log_max_size > 0 && spec.split_log)
        clash("--log-max-size and --split-log do not go together", "cap the one log, or split it");
    if (spec.watch.active() && spec.restart.when != run::RestartWhen::no)
        clash("--watch and --restart do not go together",
              "with --watch the command starts again at each change");
    if (spec.log_path.size() && spec.pool > 0 && spec.split_log)
        clash("--log and the split logs of a pool do not go together");
}

}  // namespace

std::string absolute(const std::string& path) {
    if (path.empty() || path[0] == '/') return path;
    run::Spec here;
    ops::resolve_cwd(here);
    return (here.cwd == "/" ? "" : here.cwd) + '/' + path;
}

void read_supervision_options(const Args& args, run::Spec& spec) {
    if (const auto text = args.value("pool")) {
        const auto workers = whole(*text);
        if (!workers || *workers < 1 || *workers > most_workers)
            bad("pool", *text, "is not a number from 1 to 1000");
        spec.pool = *workers;
        spec.restart.when =
            run::RestartWhen::always;  // a worker that ends is replaced, unless --restart says else
    }
    read_restart(args, spec.restart);
    spec.restart_on = read_restart_on(args);
    read_ready(args, spec);
    read_health(args, spec.health);
    read_watch(args, spec.watch);
    read_log_size(args, spec);
    spec.on_exit = args.value("on-exit").value_or("");
    spec.pid_file = absolute(args.value("pid-file").value_or(""));
    spec.leases = args.all("while");
    check_together(spec);
}

}  // namespace sigmund::cli
