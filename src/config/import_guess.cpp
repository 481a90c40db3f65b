// SPDX-License-Identifier: Apache-2.0
#include "config/import_guess.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "run/id.hpp"
#include "text/words.hpp"

namespace sigmund::config {
namespace {

constexpr std::array<std::string_view, 3> watchers = {"watch", "watcher", "watching"};
constexpr std::array<std::string_view, 19> services = {
    "dev",       "develop",   "development", "start",  "serve",   "server",  "preview",
    "storybook", "worker",    "web",         "client", "api",     "backend", "app",
    "live",      "emulators", "proxy",       "daemon", "frontend"};
constexpr std::array<std::string_view, 38> steps = {
    "build",      "compile",  "test",     "tests",    "unit",   "e2e",     "lint",      "format",
    "fmt",        "check",    "fix",      "install",  "setup",  "clean",   "migrate",   "seed",
    "deploy",     "release",  "publish",  "generate", "gen",    "codegen", "typecheck", "types",
    "tsc",        "coverage", "ci",       "bundle",   "export", "package", "analyze",   "bootstrap",
    "postdeploy", "docs",     "prettier", "eslint",   "report", "audit"};
// Programs, or words of their commands, that keep running.
constexpr std::array<std::string_view, 11> running = {
    "--watch",      "nodemon", "webpack-dev-server", "live-server",  "serve", "http-server",
    "browser-sync", "dev",     "json-server",        "concurrently", "run-p"};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_separator(char c) {
    return is_space(c) || std::string_view(";&|()'\"`").find(c) != std::string_view::npos;
}
bool in_variable(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The words of a command, roughly: quotes and operators of the shell end a word.
std::vector<std::string_view> rough_words(std::string_view command) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < command.size();) {
        while (at < command.size() && is_separator(command[at])) ++at;
        const std::size_t begin = at;
        while (at < command.size() && !is_separator(command[at])) ++at;
        if (at > begin) out.push_back(command.substr(begin, at - begin));
    }
    return out;
}

std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> out(1);
    for (const char c : name) {
        if (c == ':' || c == '-' || c == '_' || c == '.' || c == '/' || is_space(c))
            out.emplace_back();
        else
            out.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

template <typename Parts, typename Words>
bool any_of(const Parts& parts, const Words& words) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
        return std::find(words.begin(), words.end(), std::string_view(part)) != words.end();
    });
}

// Returns whether `${PORT`, `$PORT` or `%PORT%` is in the command, as a whole name.
bool reads_port(std::string_view command) {
    for (std::size_t at = command.find("PORT"); at != command.npos; at = command.find("PORT", at + 1)) {
        if (at == 0 || (at + 4 < command.size() && in_variable(command[at + 4]))) continue;
        if (command[at - 1] == '$' || (command[at - 1] == '{' && at > 1 && command[at - 2] == '$'))
            return true;
        if (command[at - 1] == '%' && at + 4 < command.size() && command[at + 4] == '%') return true;
    }
    return false;
}

// Returns a valid name that says nearly the same.
std::string nearest_name(std::string_view original) {
    std::string out;
    for (const char c : original) {
        const char kept = in_variable(c) || c == '.' || c == '-' ? c : '-';
        if (kept != '-' || (!out.empty() && out.back() != '-')) out += kept;
    }
    while (!out.empty() && (out.back() == '-' || out.back() == '.')) out.pop_back();
    if (out.size() > 52) out.resize(52);  // "run-" and a number may come to it
    if (out.empty()) return "run";
    return run::is_name(out) ? out : "run-" + out;
}

// Returns the length of {port}, {NAME.port} or {project} at the beginning of the text, or 0.
std::size_t place_length(std::string_view text) {
    if (!text.starts_with('{')) return 0;
    const auto end = text.find('}');
    if (end == text.npos) return 0;
    const std::string_view inside = text.substr(1, end - 1);
    const bool place = inside == "port" || inside == "project" ||
                       (inside.ends_with(".port") && run::is_name(inside.substr(0, inside.size() - 5)));
    return place ? end + 1 : 0;
}

}  // namespace

bool looks_like_service(std::string_view name, std::string_view command) {
    const std::vector<std::string> parts = parts_of(name);
    if (any_of(parts, watchers)) return true;
    if (any_of(parts, steps))
        return any_of(rough_words(command), std::array<std::string_view, 2>{"--watch", "nodemon"});
    return any_of(parts, services) || any_of(rough_words(command), running);
}

int port_number(std::string_view text) {
    const auto number = text::whole_number<int>(text);
    return number && *number >= 1 && *number <= 65535 ? *number : 0;
}

PortUse port_use(std::string_view command) {
    PortUse out;
    out.variable = reads_port(command);
    std::string_view before;
    for (const std::string_view word : rough_words(command)) {
        if (word.starts_with("PORT=") && out.assigned == 0) out.assigned = port_number(word.substr(5));
        if (out.named == 0 && word.starts_with("--port=")) out.named = port_number(word.substr(7));
        if (out.named == 0 && (before == "--port" || before == "-p")) out.named = port_number(word);
        before = word;
    }
    return out;
}

std::vector<std::string> template_names(const std::vector<std::string>& originals) {
    std::set<std::string> taken;
    for (const std::string& each : originals)
        if (run::is_name(each)) taken.insert(each);
    std::vector<std::string> out;
    for (const std::string& each : originals) {
        if (run::is_name(each)) {
            out.push_back(each);
            continue;
        }
        const std::string nearest = nearest_name(each);
        std::string name = nearest;
        for (int number = 2; !taken.insert(name).second; ++number)
            name = nearest + '-' + std::to_string(number);
        out.push_back(name);
    }
    return out;
}

std::string keep_braces(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = at > 0 && text[at - 1] == '$' ? 0 : place_length(text.substr(at));
        if (length == 0) {
            out += text[at++];
            continue;
        }
        out += '{' + std::string(text.substr(at, length)) + '}';
        at += length;
    }
    return out;
}

}  // namespace sigmund::config
