// SPDX-License-Identifier: Apache-2.0
#include "ops/groups.hpp"

#include <algorithm>

namespace sigmund::ops {

std::vector<pid_t> proven_groups(const run::Record& record, const run::Census& census) {
    const auto members = census.members(record);
    std::vector<pid_t> out;
    const auto add = [&](pid_t group) {
        const bool holds_a_member = std::any_of(members.begin(), members.end(),
                                                [&](const run::Member& m) { return m.pgrp == group; });
        if (group > 1 && holds_a_member && std::find(out.begin(), out.end(), group) == out.end())
            out.push_back(group);
    };
    add(record.pgid);
    for (const auto* parts : {&record.stages, &record.workers})
        for (const run::Part& part : *parts) add(part.pid);
    return out;
}

}  // namespace sigmund::ops
