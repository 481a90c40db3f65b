// SPDX-License-Identifier: Apache-2.0
// What a client waits for.
#pragma once
#include <cstdint>

#include "text/named.hpp"

namespace sigmund::run {

enum class Until : std::uint8_t {
    leader,  // the leader has ended, and no restart is due
    gone,    // no process of the run is left
    ready    // the run is ready
};

inline constexpr text::Named<Until> until_words[] = {
    {Until::leader, "leader"}, {Until::gone, "gone"}, {Until::ready, "ready"}};

}  // namespace sigmund::run
