// SPDX-License-Identifier: Apache-2.0
// The rule of this file: be_leader() runs between fork and exec, in the memory of the guardian. It calls only
// what is async-signal-safe, allocates nothing, and writes to nothing but its SharedStart.
#include "guard/shared_start.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "guard/run_files.hpp"
#include "sys/sharing.hpp"

namespace sigmund::guard {
namespace {

using sys::SpawnStage;

void be_leader(SharedStart& start) noexcept {
    if (::setsid() < 0) {
        start.error = {SpawnStage::session, errno};
        return;
    }
    start.birth = sys::own_birth();
    int error = start.birth.error;
    if (start.birth.start_ticks == 0 && error == 0) error = EIO;
    if (error == 0) error = start.draft.write(start.birth, start.durable);
    if (error != 0) {
        start.error = {SpawnStage::process, error};
        return;
    }
    start.recorded = true;
    start.processor.release_child();
    start.error = start.command.become_or_fail(start.reply);
}

int leader_body(void* start) {
    be_leader(*static_cast<SharedStart*>(start));
    ::_exit(127);
}

}  // namespace

bool start_shared(SharedStart& start, std::optional<Leader>& leader) {
    const pid_t pid = sys::clone_until_exec(leader_body, &start);
    if (pid < 0) {
        start.error = {SpawnStage::process, errno};
        return !sys::refuses_to_share(errno);
    }
    if (start.recorded) {
        leader = Leader{pid, {}, false, false};
        return true;
    }
    // It has failed or was killed. If the memory is not shared after all, this code cannot tell.
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {
    }
    if (start.error.error == 0) start.error = {SpawnStage::process, ECHILD};
    return !in_the_way(start.error.error);
}

}  // namespace sigmund::guard
