// SPDX-License-Identifier: Apache-2.0
#include "ops/start_failure.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "run/record.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

[[noreturn]] void guardian_failed(int error, const std::string& command) {
    const std::string what = "cannot start " + command + ": ";
    if (error == EOVERFLOW)
        throw Failure(Exit::not_started, "not_started",
                      what + "the record of this run would be longer than " +
                          std::to_string((run::record_limit - run::record_growth) >> 20) + " MiB",
                      "pass long texts to the command in a file");
    if (error == EPIPE || error == ECHILD || error == ECONNRESET)
        throw Failure(Exit::not_started, "not_started",
                      what + "its process was killed before it could execute");
    std::string hint;
    if (error == ENOSPC || error == EDQUOT)
        hint = "make room, or set SIGMUND_STATE_DIR to another disk";
    else if (error == EAGAIN)
        hint = "too many processes: see `ulimit -u`";
    else if (error == EMFILE)
        hint = "too many descriptors for one process: see `ulimit -n`";
    not_started("cannot start " + command, error, hint);
}

// Tells which preparation of the process failed before it could execute the command.
[[noreturn]] void not_prepared(sys::SpawnStage stage, int error, const std::string& command) {
    std::string hint;
    const bool denied = error == EPERM || error == EACCES;
    if (stage == sys::SpawnStage::limits && denied)
        hint = "only root may raise a hard limit: see `ulimit -H -a`";
    if (stage == sys::SpawnStage::priority && denied)
        hint = "only root may lower the niceness, as far as `ulimit -e` does not permit it";
    not_started(std::string("cannot ") + sys::spawn_stage_name(stage) + " for " + command, error, hint);
}

[[noreturn]] void not_executed(int error, const std::string& command) {
    const bool path = command.find('/') != std::string::npos;
    if (error == ENOENT) {
        const bool there = path && ::access(command.c_str(), F_OK) == 0;
        throw Failure(Exit::not_installed, "command_not_found",
                      command + (path ? ": no such file" : ": command not found"),
                      there ? "the file exists, but its interpreter (see its first line) does not" : "");
    }
    const std::string why = sys::describe_errno(error);
    if (error != EACCES)
        throw Failure(Exit::not_executable, "not_executable", "cannot execute " + command + ": " + why);
    struct stat st {};
    if (path && ::stat(command.c_str(), &st) == 0 && S_ISDIR(st.st_mode))
        throw Failure(Exit::not_executable, "not_executable", command + ": it is a folder");
    throw Failure(Exit::not_executable, "not_executable", command + ": " + why,
                  "make it executable: chmod +x " + command);
}

}  // namespace

void not_started(const std::string& what, int error, const std::string& hint) {
    throw Failure(Exit::not_started, "not_started", what + ": " + sys::describe_errno(error), hint);
}

run::Failure killed_during_start() {
    return {Exit::not_started, "not_started",
            "the guardian was killed during the start; nothing was left running"};
}

void report(const guard::StartReply& reply, const run::Spec& spec) {
    const std::string& command =
        spec.stages.empty() ? spec.argv[0] : spec.stages[static_cast<std::size_t>(reply.part)][0];
    if (reply.guardian_failed) guardian_failed(reply.error, command);
    if (reply.stage != sys::SpawnStage::exec) not_prepared(reply.stage, reply.error, command);
    not_executed(reply.error, command);
}

}  // namespace sigmund::ops
