// SPDX-License-Identifier: Apache-2.0
#include "run/own_proc.hpp"

#include "sys/proc_view.hpp"

namespace sigmund::run {

ProcProblem proc_problem() {
    switch (sys::proc_view()) {
        case sys::ProcView::ours:
            return {};
        case sys::ProcView::foreign:
            return {"/proc shows the processes of another PID namespace",
                    "mount this namespace's own: `mount -t proc proc /proc`, `unshare --mount-proc`, or "
                    "`nsenter -p -m`"};
        case sys::ProcView::missing:
            break;
    }
    return {"/proc is not mounted, and without it no process can be identified",
            "`mount -t proc proc /proc`"};
}

void require_own_proc(Exit exit) {
    const ProcProblem problem = proc_problem();
    if (problem.what.empty()) return;
    throw Failure(exit, exit == Exit::not_started ? "not_started" : "refused", problem.what, problem.hint);
}

}  // namespace sigmund::run
