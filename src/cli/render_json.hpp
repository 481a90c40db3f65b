// SPDX-License-Identifier: Apache-2.0
// The machine output in JSON: one envelope, {"schema":"sigmund/1","kind":...,"data":...}.
#pragma once
#include <string>
#include <vector>

#include "ops/doctor.hpp"
#include "ops/events.hpp"
#include "ops/explain.hpp"
#include "ops/prune.hpp"
#include "ops/stop.hpp"
#include "ops/wait.hpp"
#include "run/failure.hpp"
#include "run/view.hpp"

namespace sigmund::cli {

std::string error_json(const run::Failure& failure);
// With `lines` one object a line.
std::string runs_json(const char* kind, const std::vector<run::Judged>& runs, const run::View& view,
                      bool lines);
// `differences`: for a run that was started once more, what is not as it was.
std::string started_json(const run::Judged& run, const run::View& view,
                         const std::vector<std::string>& differences = {});
std::string stop_json(const std::vector<ops::StopOutcome>& outcomes,
                      const std::vector<run::Failure>& missing);
std::string wait_json(const std::vector<ops::WaitOutcome>& outcomes);
std::string prune_json(const ops::PruneOutcome& outcome, bool dry_run);
// One effective value of the configuration.
struct ConfigRow {
    std::string table, key, value, origin;
};
std::string config_json(const std::vector<ConfigRow>& rows, const std::string& user_file,
                        const std::string& project_file);
std::string log_head_json();
// A line of a log; it is of stderr, or of a worker (-1: of none), where these have logs of their own.
std::string log_line_json(const run::Record& record, bool error, int worker, std::string_view line);
std::string events_head_json();
std::string event_json(const ops::RunEvent& event);
std::string explain_json(const std::vector<ops::Explanation>& explanations);
std::string doctor_json(const std::vector<ops::Finding>& findings);
std::string version_json();

}  // namespace sigmund::cli
