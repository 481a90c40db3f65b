// SPDX-License-Identifier: Apache-2.0
#include "ops/start_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "ops/start_failure.hpp"
#include "run/failure.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

sys::Input open_stdin(const std::string& path) {
    sys::InputProblem problem;
    sys::Input input = path == run::open_input ? sys::open_pipe(problem) : sys::open_input(path, problem);
    const int error = errno;
    std::string hint;
    switch (problem) {
        case sys::InputProblem::none:
            return input;
        case sys::InputProblem::folder:
        case sys::InputProblem::socket:
            throw Failure(
                Exit::not_started, "not_started",
                "cannot open stdin " + path +
                    (problem == sys::InputProblem::folder ? ": it is a folder" : ": it is a socket"));
        case sys::InputProblem::no_writer:
            hint = "to wait for a writer of a FIFO, sigmund must be permitted to write to it";
            break;
        case sys::InputProblem::other:
            break;
    }
    not_started("cannot open stdin " + path, error, hint);
}

sys::Fd open_log_elsewhere(const std::string& path) {
    sys::Fd fd = sys::open_or_create_own(AT_FDCWD, path.c_str(), O_WRONLY | O_APPEND);
    if (fd) return fd;
    const int error = errno;
    // The kind of the file is the better message, even when it cannot be opened for writing at all.
    struct stat st {};
    const char* why = sys::why_not_own(error);
    if (error == EACCES && ::lstat(path.c_str(), &st) == 0 && st.st_uid != ::geteuid())
        why = sys::why_not_own(EPERM);
    if (why)
        throw Failure(Exit::not_started, "not_started", "cannot open log " + path + ": it " + why,
                      error == ELOOP ? "name the file itself" : "name a regular file of your own");
    not_started("cannot open log " + path, error);
}

}  // namespace

void open_folder_and_stdin(guard::Plan& plan, const run::Spec& spec) {
    plan.cwd.reset(::open(spec.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan.cwd) not_started("cannot enter " + spec.cwd, errno);
    if (spec.stdin_path.empty()) return;
    plan.input = open_stdin(spec.stdin_path);
    plan.stdin_file = std::move(plan.input.read);
}

run::Reservation reserve_id(const run::Store& store, const run::Spec& spec) {
    try {
        return store.reserve(spec.log_path.empty());
    } catch (const sys::NoLocks&) {
        throw;  // main says what to do
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        throw Failure(Exit::not_started, "not_started", error.what(),
                      number == ENOSPC || number == EDQUOT
                          ? "make room, or set SIGMUND_STATE_DIR to a folder on another disk; "
                            "`sigmund prune` removes finished runs"
                      : number == EROFS ? "set SIGMUND_STATE_DIR to a folder you can write to"
                                        : "");
    }
}

void open_logs(guard::Plan& plan, const run::Spec& spec, sys::Fd reserved) {
    plan.log = spec.log_path.empty() ? std::move(reserved) : open_log_elsewhere(spec.log_path);
    if (!spec.split_log) return;
    const std::string& id = plan.record.id;
    plan.error_log = plan.store.create_log(id, run::LogPart::errors);
    if (!plan.error_log) not_started("cannot create " + plan.store.log_path(id, run::LogPart::errors), errno);
}

}  // namespace sigmund::ops
