// SPDX-License-Identifier: Apache-2.0
// What a run is tied to: the words of --while.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::run {

struct Lease {
    enum class Kind : std::uint8_t { shell, process, time };
    Kind kind = Kind::shell;
    pid_t pid = 0;          // the number of a process
    std::int64_t time = 0;  // milliseconds
};

// Reads shell, pid:N or ttl:TIME. Returns nothing when the text has none of these forms; `problem` and `hint`
// then say why.
std::optional<Lease> parse_lease(std::string_view text, std::string& problem, std::string& hint);

}  // namespace sigmund::run
