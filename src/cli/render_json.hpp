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
#include "run/verdict.hpp"

namespace sigmund::cli {

// A record with what is known of it now.
struct Judged {
    run::Record record;
    run::Verdict verdict;
};
// Looks at the run now; the record is read again where its end was written meanwhile.
void judge_now(Judged& run, const run::Store& store, const run::Census& census);
Judged judge_now(run::Record record, const run::Store& store, const run::Census& census);

std::string error_json(const run::Failure& failure);
std::string runs_json(const char* kind, const std::vector<Judged>& runs, const run::Store& store,
                      const run::Census& census, bool lines);
// `differences`: what is not as it was, of a run started once more.
std::string started_json(const Judged& run, const run::Store& store, const run::Census& census,
                         const std::vector<std::string>& differences = {});
std::string stop_json(const std::vector<ops::StopOutcome>& outcomes, const std::vector<run::Failure>& missing,
                      const char* kind);
std::string wait_json(const std::vector<ops::WaitOutcome>& outcomes);
std::string prune_json(const ops::PruneOutcome& outcome, bool dry_run);
// One effective value of the configuration.
struct ConfigRow {
    std::string table, key, value, origin;
};
std::string config_json(const std::vector<ConfigRow>& rows, const std::string& user_file,
                        const std::string& project_file);
std::string log_head_json();
// A line of a log: of stderr or of a worker (-1: of none) where these are apart.
std::string log_line_json(const run::Record& record, bool error, int worker, std::string_view line);
std::string events_head_json();
std::string event_json(const ops::RunEvent& event);
std::string explain_json(const std::vector<ops::Explanation>& explanations);
std::string doctor_json(const std::vector<ops::Finding>& findings);
std::string version_json();

}  // namespace sigmund::cli
