// SPDX-License-Identifier: Apache-2.0
#include "ops/ci.hpp"

#include <dirent.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "sys/file.hpp"

namespace sigmund::ops {
namespace {

bool set(const char* name) {
    const char* value = std::getenv(name);
    return value && *value && std::string_view(value) != "false";
}

// The value of a key in an ini file's text; the last one wins.
std::optional<std::string> ini_value(const std::string& text, std::string_view key) {
    std::optional<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        at = end + 1;
        line.erase(0, line.find_first_not_of(" \t"));
        if (!line.starts_with(key)) continue;
        const auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        line.erase(0, line.find_first_not_of(" \t", equals + 1));
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
        out = line;
    }
    return out;
}

}  // namespace

std::optional<std::string> runner_name() {
    if (set("GITHUB_ACTIONS")) return "GitHub Actions";
    if (set("TF_BUILD")) return "Azure Pipelines";
    if (set("JENKINS_URL") || set("HUDSON_URL")) return "Jenkins";
    if (set("GITLAB_CI")) return "GitLab CI";
    if (set("BUILDKITE")) return "Buildkite";
    if (set("CIRCLECI")) return "CircleCI";
    if (set("CI")) return "CI";
    return std::nullopt;
}

std::string fate_in_ci(std::string_view survive) {
    const auto runner = runner_name();
    if (!runner) return "";
    const bool sweeps = std::any_of(std::begin(cookie_names), std::end(cookie_names),
                                    [](std::string_view name) { return set(std::string(name).c_str()); });
    if (survive == "job") return *runner + ": the run goes on after the job, until it is stopped";
    if (sweeps) return *runner + ": the run ends with the job; with --survive job it stays";
    return *runner + ": the run outlives this step: stop it before the job ends";
}

void drop_cookies(std::vector<std::string>& environment) {
    std::erase_if(environment, [](const std::string& entry) {
        const auto name = std::string_view(entry).substr(0, entry.find('='));
        return std::find(std::begin(cookie_names), std::end(cookie_names), name) != std::end(cookie_names);
    });
    for (std::string& entry : environment)
        if (entry.starts_with("BUILD_ID=")) entry = "BUILD_ID=dontKillMe";  // Jenkins' own word for it
}

bool logind_kills() {
    std::optional<std::string> value;
    const auto look = [&](const std::string& path) {
        if (auto found = ini_value(sys::read_small(path, 1024 * 1024), "KillUserProcesses")) value = found;
    };
    look("/usr/lib/systemd/logind.conf");
    look("/etc/systemd/logind.conf");
    for (const std::string folder :
         {"/usr/lib/systemd/logind.conf.d", "/run/systemd/logind.conf.d", "/etc/systemd/logind.conf.d"}) {
        const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), ::closedir);
        std::vector<std::string> names;
        while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr)
            if (std::string_view(entry->d_name).ends_with(".conf")) names.emplace_back(entry->d_name);
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) look(folder + '/' + name);
    }
    return value && (*value == "yes" || *value == "true" || *value == "1" || *value == "on");
}

}  // namespace sigmund::ops
