// SPDX-License-Identifier: Apache-2.0
// The lists in a record: its parts, the calls that acted on it, its last lives. What is not as it is
// written here is passed over.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/record.hpp"

namespace sigmund::run {

using Json = nlohmann::ordered_json;

std::vector<Part> read_parts(const Json& list);  // stages or workers
std::vector<Call> read_calls(const Json& list);
std::vector<Life> read_lives(const Json& list);
std::vector<Result> read_results(const Json& list);

}  // namespace sigmund::run
