// SPDX-License-Identifier: Apache-2.0
#include "run/lease.hpp"

#include "text/duration.hpp"
#include "text/words.hpp"

namespace sigmund::run {

std::optional<Lease> parse_lease(std::string_view text, std::string& problem, std::string& hint) {
    if (text == "shell") return Lease{};
    const std::string_view value = text.substr(std::min<std::size_t>(4, text.size()));
    if (text.starts_with("pid:")) {
        const auto pid = text::whole_number<pid_t>(value);
        if (pid && *pid > 0) return Lease{Lease::Kind::process, *pid, 0};
        problem = "has no process number";
        hint = "as in pid:4012";
    } else if (text.starts_with("ttl:")) {
        if (const auto time = text::parse_duration(value)) return Lease{Lease::Kind::time, 0, *time};
        problem = "has no duration";
        hint = "as in ttl:90s or ttl:8h";
    } else {
        problem = "is not pid:N, shell or ttl:TIME";
        hint = "as in pid:4012 or ttl:8h";
    }
    return std::nullopt;
}

}  // namespace sigmund::run
