// SPDX-License-Identifier: Apache-2.0
// Which runs `list` shows, and in which order. The records themselves are not kept.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "run/view.hpp"

namespace sigmund::cli {

struct Filter {
    bool live = false, here = false, orphaned = false;
    std::vector<run::State> states;
    std::optional<std::string> shell;
    std::string project;
    std::string begins;  // the beginning of the id or the name
    std::string order;   // newest, oldest, name or state; empty: live runs first, then the newest
    std::optional<std::size_t> limit;  // show at most this many, after sorting

    bool passes(const run::Judged& run) const;
};

// Throws Failure (usage) for a value that an option does not take.
Filter read_filter(const Args& args);

// How much of the runs that are shown is read.
enum class Needs : std::uint8_t {
    head,
    all,
    all_of_live  // a run that is over is passed on with its head only
};

// What to look for.
struct Search {
    const Filter& filter;
    Needs needs = Needs::head;
    bool overview = false;  // only the runs that may be live, and the newest of the others
    bool quiet = false;     // corrupt records are not reported
};

// What was found: which rows to show, as numbers in the order in which the runs were passed on.
struct Listing {
    std::vector<std::uint32_t> order;
    std::size_t more = 0;               // finished runs that an overview leaves out
    std::optional<std::size_t> failed;  // how many of these have failed, unless there are too many to look
};

// Passes each run that the filter accepts to `use`.
Listing gather(const Args& args, const run::View& view, const Search& search,
               const std::function<void(run::Judged&&)>& use);

}  // namespace sigmund::cli
