// SPDX-License-Identifier: Apache-2.0
// A failure a person or script can act on: its exit status, stable code, message and way out.
#pragma once
#include <stdexcept>
#include <string>

namespace sigmund::run {

// Exit statuses of every verb. `run --wait`, `--tail` and `wait` also pass on the status of the run.
enum class Exit : int {
    done = 0,
    usage = 1,      // also any failure without a status of its own
    refused = 2,    // the run is stale, its identity cannot be proven, or another open shell owns it
    denied = 3,     // permission denied
    remaining = 4,  // timed out, or processes of the run survive
    not_found = 5,  // no such run, or an invalid target
    ambiguous = 6,  // several runs match
    guard_ended = 123,
    timed_out = 124,
    not_started = 125,  // sigmund itself failed before COMMAND could start
    not_executable = 126,
    not_installed = 127,  // COMMAND was not found
};

// `code` is the word of an error object: usage, refused, denied, survivors, not_found, invalid_target,
// ambiguous, timed_out, not_started, not_executable, command_not_found, name_taken, port_taken, no_port,
// not_running, not_ready, full, store, failed.
class Failure : public std::runtime_error {
  public:
    Failure(Exit exit, std::string code, const std::string& message, std::string hint = {},
            std::string target = {})
        : std::runtime_error(message),
          exit(exit),
          code(std::move(code)),
          hint(std::move(hint)),
          target(std::move(target)) {}

    // Returns the failure for a wrong value of an option, on the command line or in a file. The message is
    // "--OPTION: COMPLAINT".
    static Failure of_option(std::string option, const std::string& complaint, std::string hint = {}) {
        Failure failure(Exit::usage, "usage", "--" + option + ": " + complaint, std::move(hint));
        failure.option = std::move(option);
        return failure;
    }
    // Returns the message of such a failure without the name of the option.
    std::string complaint() const { return what() + (option.empty() ? 0 : option.size() + 4); }

    Exit exit;
    std::string code;
    std::string hint;    // empty when there is no way out that is worth a line
    std::string target;  // what the user named, if the failure is about one target
    std::string option;  // the long name of the option whose value is wrong, without dashes
};

}  // namespace sigmund::run
