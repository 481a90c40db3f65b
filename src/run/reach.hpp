// SPDX-License-Identifier: Apache-2.0
// Which processes of a run get a signal.
#pragma once
#include <cstdint>

#include "text/named.hpp"

namespace sigmund::run {

enum class Reach : std::uint8_t {
    leader,  // the command itself; of a pipe, each stage
    group,   // the leader's process group
    every    // all processes of the run, also those that have left the group
};

inline constexpr text::Named<Reach> reach_words[] = {
    {Reach::leader, "leader"}, {Reach::group, "group"}, {Reach::every, "every"}};

}  // namespace sigmund::run
