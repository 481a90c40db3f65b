// SPDX-License-Identifier: Apache-2.0
// The columns of `list --porcelain`, one row for each. Porcelain lines, errors about unknown columns and the
// completion use this table. A new column is a row here and an entry in sigmund-porcelain(5), which
// tests/unit/cli/columns_test.cpp compares.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/view.hpp"

namespace sigmund::cli {

// How much of a record a column needs. Every list reads the head.
enum class Reads : std::uint8_t { head, all };

struct Column {
    std::string_view name;
    std::string_view help;
    Reads reads;
    // Appends the value, escaped, or nothing if the run has none. `view` is for columns that need the
    // processes of the run.
    void (*append)(std::string& out, const run::Judged& run, const run::View& view);
};

inline constexpr const char* default_columns = "id,state,pid,pgid,started,ended,exit,name,tags,shell,cmd";

std::span<const Column> columns();
std::vector<std::string_view> column_names();
// Returns the columns of "A,B,C". Throws run::Failure (usage) for a name that no column has.
std::vector<const Column*> parse_columns(std::string_view list);

}  // namespace sigmund::cli
