// SPDX-License-Identifier: Apache-2.0
#include "guard/on_exit.hpp"

#include "sys/signals.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis time_limit = 30'000;

}  // namespace

bool OnExit::start(const run::Record& record, const sys::SpawnPlan& shape, Aides& aides,
                   std::function<void(const sys::ExitStatus&)> done) {
    if (command_.empty()) return false;
    const sys::ExitStatus& status = record.status;
    const bool exited = status.known && status.signal == 0;
    const ShellCommand command{std::exchange(command_, {}),
                               record.cwd,
                               {{"SIGMUND_ID", record.id},
                                {"SIGMUND_NAME", record.name},
                                {"SIGMUND_RESULT", record.result.str()},
                                {"SIGMUND_EXIT_CODE", exited ? std::to_string(status.code) : ""},
                                {"SIGMUND_SIGNAL", status.signal != 0 ? sys::signal_name(status.signal) : ""},
                                {"SIGMUND_LOG", record.log}},
                               time_limit};
    return aides.start(
               {shape.stdout_fd, shape.stderr_fd},
               [&](int lifeline) { return run_shell(shape, command, lifeline); }, std::move(done)) != 0;
}

}  // namespace sigmund::guard
