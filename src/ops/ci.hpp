// SPDX-License-Identifier: Apache-2.0
// The variables by which the runners of CI jobs find their processes, to end them when a job is over.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::ops {

// Variables whose value in a process's environment makes a runner end that process at the end of the job.
inline constexpr std::string_view cookie_names[] = {
    "RUNNER_TRACKING_ID",      // GitHub Actions
    "VSTS_PROCESS_LOOKUP_ID",  // Azure Pipelines
    "JENKINS_NODE_COOKIE",     // Jenkins, pipeline
    "JENKINS_SERVER_COOKIE",   // Jenkins, sh steps
    "HUDSON_COOKIE",           // Jenkins, freestyle, before version 2
};

// Returns the name of the CI system that this process runs in ("GitHub Actions"), or nothing outside of CI.
std::optional<std::string> runner_name();
// Returns a sentence for people: what will happen to a run started now when the job is over. Empty outside of
// CI.
std::string fate_in_ci(std::string_view survive);
// Removes these variables from an environment. Jenkins also matches BUILD_ID, which is set to a value that it
// spares.
void drop_cookies(std::vector<std::string>& environment);

}  // namespace sigmund::ops
