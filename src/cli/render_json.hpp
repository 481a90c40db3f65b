// SPDX-License-Identifier: Apache-2.0
// The output in JSON, in one envelope: {"schema":"sigmund/1","kind":...,"data":...}. log_head_json, log_line_json,
// events_head_json and event_json return one line of JSON lines instead.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/adopt.hpp"
#include "ops/doctor.hpp"
#include "ops/events.hpp"
#include "ops/explain.hpp"
#include "ops/listening.hpp"
#include "ops/log_output.hpp"
#include "ops/prune.hpp"
#include "ops/stop.hpp"
#include "ops/terminal_look.hpp"
#include "ops/up.hpp"
#include "ops/wait.hpp"
#include "run/failure.hpp"
#include "run/view.hpp"

namespace sigmund::cli {

std::string error_json(const run::Failure& failure);
// Returns the object of one run, without a newline. `whole`: with the keys that only `show` has. The guardian of a run
// with a terminal is asked by `looks`.
std::string run_json(const run::Judged& run, const run::View& view, bool whole, ops::TerminalLooks& looks);
// `differences` says what is not as it was, for a run that was started once more.
std::string started_json(const run::Judged& run, const run::View& view,
                         const std::vector<std::string>& differences = {});
std::string stop_json(const std::vector<ops::StopOutcome>& outcomes,
                      const std::vector<run::Failure>& missing);
std::string adopt_json(const std::vector<ops::Adoption>& adoptions, const std::vector<run::Failure>& missing);
std::string wait_json(const std::vector<ops::WaitOutcome>& outcomes);
// What became of each template that was brought up.
std::string up_json(const ops::UpRequest& request, const ops::UpOutcome& outcome, const run::View& view);
// What up would do with each template, and the words for that: start, restart, run, keep, skip.
std::string plan_json(const ops::UpRequest& request, const std::vector<ops::UpLook>& looks);
std::string_view act_word(ops::UpLook::Act act);
std::string prune_json(const ops::PruneOutcome& outcome, bool dry_run);
// One effective setting of the configuration.
struct ConfigRow {
    std::string table, key, value, origin;
};
std::string config_json(const std::vector<ConfigRow>& rows, const std::string& user_file,
                        const std::string& project_file);
std::string log_head_json();
// Returns one line of a log. `error`: it is from stderr. `worker`: the worker it is from (-1: none). Both are
// known only if these have logs of their own.
std::string log_line_json(const run::Record& record, bool error, int worker, const ops::LogLine& line);
std::string events_head_json();
std::string event_json(const ops::RunEvent& event);
std::string explain_json(const std::vector<ops::Explanation>& explanations);
std::string doctor_json(const std::vector<ops::Finding>& findings);
// The ports that each of these runs was given.
std::string port_json(const std::vector<run::Judged>& runs);
std::string ports_json(const std::vector<ops::Listening>& all);
// The name of a variable of the environment, and its value.
using Variable = std::pair<std::string, std::string>;
std::string env_json(const std::vector<Variable>& variables);
std::string version_json();

}  // namespace sigmund::cli
