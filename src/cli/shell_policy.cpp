// SPDX-License-Identifier: Apache-2.0
#include "cli/shell_policy.hpp"

#include <cstdlib>

#include "text/duration.hpp"

namespace sigmund::cli {

ops::ExitPolicy exit_policy() {
    ops::ExitPolicy policy;
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string(text ? text : "");
    };
    const std::string on_exit = value("SIGMUND_ON_EXIT"), without = value("SIGMUND_ON_EXIT_NOTTY");
    if (on_exit == "stop") policy.on_exit = ops::OnExit::stop;
    if (on_exit == "keep") policy.on_exit = ops::OnExit::keep;
    if (on_exit == "ask") policy.on_exit = ops::OnExit::ask;
    if (without == "stop") policy.without_terminal = ops::OnExit::stop;
    if (without == "keep") policy.without_terminal = ops::OnExit::keep;
    if (const auto time = text::parse_duration(value("SIGMUND_EXIT_TIMEOUT")); time && *time > 0)
        policy.timeout = std::min<sys::Millis>(*time, 3'600'000);
    return policy;
}

}  // namespace sigmund::cli
