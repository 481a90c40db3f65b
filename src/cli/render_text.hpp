// SPDX-License-Identifier: Apache-2.0
// Runs as a table for people, and as porcelain fields for scripts.
#pragma once
#include <string>
#include <vector>

#include "cli/render_json.hpp"

namespace sigmund::cli {

// The table of `list`; `width` columns (0: not cut).
std::string runs_table(const std::vector<Judged>& runs, std::size_t width, bool color);
// "exited 0", "killed SIGSEGV", "running", ...: state with result.
std::string state_text(const Judged& run);

inline constexpr const char* default_columns = "id,state,pid,pgid,started,ended,exit,name,tags,shell,cmd";
// Throws Failure for an unknown column.
std::vector<std::string> parse_columns(const std::string& list);
// One record a line (or NUL), fields separated by one TAB, escaped.
std::string porcelain(const std::vector<Judged>& runs, const std::vector<std::string>& columns, char end);

}  // namespace sigmund::cli
