// SPDX-License-Identifier: Apache-2.0
// The columns of `list --porcelain`, one row each: porcelain lines, the errors about unknown columns and the
// completion are made from the table. A new column is a row here and a word in sigmund-porcelain(5), which
// tests/unit/cli/columns_test.cpp compares.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/view.hpp"

namespace sigmund::cli {

// How much of the record of a run a column needs: the head is what every list reads.
enum class Reads : std::uint8_t { head, all };

struct Column {
    std::string_view name;
    std::string_view help;
    Reads reads;
    // Appends the value, escaped; nothing where the run has none. `view` is for what only its processes tell.
    void (*append)(std::string& out, const run::Judged& run, const run::View& view);
};

inline constexpr const char* default_columns = "id,state,pid,pgid,started,ended,exit,name,tags,shell,cmd";

std::span<const Column> columns();
std::vector<std::string_view> column_names();
// The columns of "A,B,C". Throws run::Failure (usage) for a name that no column has.
std::vector<const Column*> parse_columns(std::string_view list);

}  // namespace sigmund::cli
