// SPDX-License-Identifier: Apache-2.0
#include "cli/shell_policy.hpp"

#include <cstdlib>

#include "cli/configured.hpp"
#include "run/failure.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {

ops::ExitPolicy exit_policy() {
    ops::ExitPolicy policy;
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string(text ? text : "");
    };
    config::Config config;
    try {
        config = load_config(false);
    } catch (const run::Failure&) {
        // `sigmund config` reports what is wrong with it.
    }
    const auto setting = [&](const char* variable, const char* key) {
        std::string text = value(variable);
        if (const auto* found = config.find(config.shell, key);
            text.empty() && found && !found->values.empty())
            text = found->values[0];
        return text;
    };
    const std::string on_exit = setting("SIGMUND_ON_EXIT", "on_exit"),
                      without = setting("SIGMUND_ON_EXIT_NOTTY", "on_exit_notty");
    if (on_exit == "stop") policy.on_exit = ops::OnExit::stop;
    if (on_exit == "keep") policy.on_exit = ops::OnExit::keep;
    if (on_exit == "ask") policy.on_exit = ops::OnExit::ask;
    if (without == "stop") policy.without_terminal = ops::OnExit::stop;
    if (without == "keep") policy.without_terminal = ops::OnExit::keep;
    if (const auto time = text::parse_duration(setting("SIGMUND_EXIT_TIMEOUT", "exit_timeout"));
        time && *time > 0)
        policy.timeout = std::min<sys::Millis>(*time, 3'600'000);
    return policy;
}

bool tells_of_ends() {
    try {
        const config::Config config = load_config(false);
        const auto* notify = config.find(config.shell, "notify");
        return !notify || !notify->values.empty();
    } catch (const run::Failure&) {
        return true;
    }
}

}  // namespace sigmund::cli
