// SPDX-License-Identifier: Apache-2.0
// The parts of a unit that follow from one launch option each, for ops/unit_file.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ops/unit_file.hpp"

namespace sigmund::ops {

// How the unit stops, and how long it may run.
void write_ends(UnitFile& out, const run::Spec& spec, bool once);
void write_restarts(UnitFile& out, const run::Spec& spec);
// The limit of restarts belongs into [Unit].
void write_start_limit(UnitFile& out, const run::Spec& spec);
// Input and output.
void write_files(UnitFile& out, const run::Spec& spec);
// Signals that are ignored, umask, niceness and resource limits.
void write_limits(UnitFile& out, const run::Spec& spec);

// Returns a time span as systemd reads it. Zero would mean that there is no limit, so it becomes 1ms.
std::string unit_time(std::int64_t milliseconds);
// Returns whether systemd accepts the name of a variable.
bool is_unit_variable(std::string_view name);
// Returns a path that glob(3) matches with itself only.
std::string escape_glob(std::string_view path);

}  // namespace sigmund::ops
