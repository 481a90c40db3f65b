// SPDX-License-Identifier: Apache-2.0
#include "run/option_kinds_supervision.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "run/lease.hpp"
#include "text/duration.hpp"
#include "text/size.hpp"
#include "text/words.hpp"

namespace sigmund::run::kinds {
namespace {

constexpr int most_workers = 1000;
constexpr std::string_view restart_names[] = {"no", "on-failure", "always", "on-exit"};

// Returns the path without the parts that have no effect: repeated slashes, dots, a slash at the end.
std::string tidy(const std::string& path) {
    std::string out;
    for (const std::string& part : text::split(path, '/'))
        if (!part.empty() && part != ".") out += '/' + part;
    return out.empty() ? "/" : out;
}

}  // namespace

void Restart::parse(const Given& given, RestartPolicy& out) {
    const std::string& word = given.last();
    out.codes.clear();
    if (word.starts_with("on-exit=")) {
        out.when = RestartWhen::on_exit;
        for (const std::string& text : text::split(word.substr(8), ',')) {
            const auto code = text::whole_number<int>(text);
            if (!code || *code < 0 || *code > 255)
                given.refuse(word, "has no list of exit codes", "as in on-exit=129,75");
            out.codes.push_back(*code);
        }
        return;
    }
    const auto known = std::find(std::begin(restart_names), std::end(restart_names), word);
    if (known == std::end(restart_names) || word == "on-exit")
        given.refuse(word, "is not a restart policy", "no, on-failure, always or on-exit=N[,N]");
    out.when = static_cast<RestartWhen>(known - std::begin(restart_names));
}
bool Restart::differs(const RestartPolicy& value, const RestartPolicy& usual) {
    return value.when != usual.when;
}
void Restart::write(Json& out, const char* key, const RestartPolicy& value) {
    out[key] = restart_names[static_cast<std::size_t>(value.when)];
    if (!value.codes.empty()) out["restart_codes"] = value.codes;
}
void Restart::read(const Json& object, const char* key, RestartPolicy& out) {
    std::string when;
    Text::read(object, key, when);
    const auto known = std::find(std::begin(restart_names), std::end(restart_names), when);
    if (known == std::end(restart_names)) return;
    out.when = static_cast<RestartWhen>(known - std::begin(restart_names));
    if (const auto codes = object.find("restart_codes"); codes != object.end() && codes->is_array())
        for (const Json& code : *codes)
            if (code.is_number_integer()) out.codes.push_back(code.get<int>());
}
void Restart::type(const RestartPolicy& value, Strings& out) {
    std::string when(restart_names[static_cast<std::size_t>(value.when)]);
    Strings codes;
    for (const int code : value.codes) codes.push_back(std::to_string(code));
    out.push_back(codes.empty() ? when : when + '=' + text::join(codes, ","));
}

void Backoff::parse(const Given& given, RestartPolicy& out) {
    const std::string& word = given.last();
    const auto dots = word.find("..");
    const bool one = dots == std::string::npos;
    const auto least = text::parse_duration(word.substr(0, dots));
    const auto most = one ? least : text::parse_duration(word.substr(dots + 2));
    if (!least || !most || *most < *least) given.refuse(word, "is not MIN or MIN..MAX", "as in 100ms..30s");
    out.backoff_min = *least;
    out.backoff_max = one ? std::max(*least, RestartPolicy{}.backoff_max) : *most;
}
bool Backoff::differs(const RestartPolicy& value, const RestartPolicy& usual) {
    return value.backoff_min != usual.backoff_min || value.backoff_max != usual.backoff_max;
}
void Backoff::write(Json& out, const char* key, const RestartPolicy& value) {
    out[key] = value.backoff_min;
    out["backoff_max_ms"] = value.backoff_max;
}
void Backoff::read(const Json& object, const char* key, RestartPolicy& out) {
    Duration::read(object, key, out.backoff_min);
    Duration::read(object, "backoff_max_ms", out.backoff_max);
}
void Backoff::type(const RestartPolicy& value, Strings& out) {
    out.push_back(Duration::text(value.backoff_min) + ".." + Duration::text(value.backoff_max));
}
std::string Backoff::usual(const RestartPolicy& value) {
    return text::format_duration(value.backoff_min, true) + ".." +
           text::format_duration(value.backoff_max, true);
}

void RestartSignals::parse(const Given& given, sys::SignalBits& out) {
    Signals::parse(given, out);
    for (const std::string& word : given.values) {
        const int signal = *sys::parse_signal(word);
        if (signal == SIGTERM || signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD)
            given.refuse(word, "has a meaning of its own for the guardian", "HUP or USR1, for example");
    }
}

void Probes::parse(const Given& given, Strings& out) {
    std::string problem;
    for (const std::string& word : given.values) {
        if (!parse_probe(word, "/", problem))
            given.refuse(word, problem,
                         word.starts_with("log:")
                             ? "as in log:listening or 'log:^ready in [0-9]+'"
                             : "as in tcp:6379, unix:/run/db.sock or http://localhost:8080/");
        out.push_back(word);
    }
}

void FailureLines::parse(const Given& given, Strings& out) {
    for (const std::string& word : given.values) {
        std::string problem = "is not log:REGEX";
        const auto probe = parse_probe(word, "/", problem);
        if (!probe || probe->kind != Probe::Kind::log)
            given.refuse(word, word.starts_with("log:") ? problem : "is not log:REGEX",
                         "as in log:^FATAL or 'log:failed to compile'");
        out.push_back(word);
    }
}

void Workers::parse(const Given& given, int& out) {
    const auto workers = text::whole_number<int>(given.last());
    if (!workers || *workers < 1 || *workers > most_workers)
        given.refuse(given.last(), "is not a number from 1 to " + std::to_string(most_workers));
    out = *workers;
}

void PortChoice::parse(const Given& given, Port& out) {
    std::string problem;
    const auto port = parse_port(given.last(), problem);
    if (!port) given.refuse(given.last(), problem, "as in 6390, auto or auto:3000");
    out = *port;
}
void PortChoice::write(Json& out, const char* key, const Port& value) {
    out[key] = port_text(value);
}
void PortChoice::read(const Json& object, const char* key, Port& out) {
    std::string text, problem;
    Text::read(object, key, text);
    if (const auto port = parse_port(text, problem)) out = *port;
}

void WatchedPaths::parse(const Given& given, Strings& out) {
    for (const std::string& path : given.values) out.push_back(tidy(given.place(path)));
}

void Endings::parse(const Given& given, Strings& out) {
    for (const std::string& list : given.values)
        for (const std::string& ending : text::split(list, ',')) {
            if (ending.empty() || ending.find('/') != std::string::npos)
                given.refuse(list, "is not a list of endings", "as in .c,.h");
            out.push_back(ending.starts_with('.') ? ending : '.' + ending);
        }
}
void Endings::type(const Strings& value, Strings& out) {
    out.push_back(text::join(value, ","));
}

void Excludes::parse(const Given& given, Strings& out) {
    for (const std::string& word : given.values) {
        if (word.empty()) given.refuse(word, "is not a folder or a pattern", "as in build or '*.log'");
        const std::string placed = given.place(word);
        const bool folder = placed.size() > 1 && placed.ends_with('/');
        out.push_back(placed[0] != '/' ? placed : tidy(placed) + (folder ? "/" : ""));
    }
}

void WatchSignal::parse(const Given& given, int& out) {
    Signal::parse(given, out);
    if (out == SIGKILL || out == SIGSTOP)
        given.refuse(given.last(), "is not a signal that a command can act on", "HUP or USR1, for example");
}

void Leases::parse(const Given& given, Strings& out) {
    std::string problem, hint;
    for (const std::string& word : given.values) {
        if (!parse_lease(word, problem, hint)) given.refuse(word, problem, hint);
        out.push_back(word);
    }
}

void LogSize::parse(const Given& given, std::int64_t& out) {
    const auto size = text::parse_size(given.last());
    if (!size || (*size > 0 && *size < 1024) || *size > (1ULL << 50))
        given.refuse(given.last(), "is not a size of at least 1K", "as in 10M");
    out = static_cast<std::int64_t>(*size);
}
void LogSize::write(Json& out, const char* key, std::int64_t value) {
    Duration::write(out, key, value);
}
void LogSize::read(const Json& object, const char* key, std::int64_t& out) {
    Duration::read(object, key, out);
}

}  // namespace sigmund::run::kinds
