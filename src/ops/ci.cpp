// SPDX-License-Identifier: Apache-2.0
#include "ops/ci.hpp"

#include <algorithm>
#include <cstdlib>

namespace sigmund::ops {
namespace {

bool set(const char* name) {
    const char* value = std::getenv(name);
    return value && *value && std::string_view(value) != "false";
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
    if (survive == "job") return *runner + ": the run keeps running after the job, until it is stopped";
    if (sweeps) return *runner + ": the run ends with the job; with --survive job it keeps running";
    return *runner + ": the run outlives this step: stop it before the job ends";
}

void drop_cookies(std::vector<std::string>& environment) {
    std::erase_if(environment, [](const std::string& entry) {
        const auto name = std::string_view(entry).substr(0, entry.find('='));
        return std::find(std::begin(cookie_names), std::end(cookie_names), name) != std::end(cookie_names);
    });
    for (std::string& entry : environment)
        if (entry.starts_with("BUILD_ID="))
            entry = "BUILD_ID=dontKillMe";  // Jenkins spares a process with this value
}

}  // namespace sigmund::ops
