// SPDX-License-Identifier: Apache-2.0
#include "guard/become.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "sys/children.hpp"
#include "sys/file.hpp"
#include "sys/title.hpp"

namespace sigmund::guard {
namespace {

// A caller may have offered its commands to the OOM killer first (choom -n 1000). This is not meant for their
// guardian.
void lower_oom_score(Plan& plan) {
    const std::string text = sys::read_small("/proc/self/oom_score_adj", 16);
    const int inherited = std::atoi(text.c_str());
    if (inherited <= 0) return;
    const sys::Fd fd(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (!fd || sys::write_all(fd.get(), "0") != 0) return;  // not permitted, so the score stays as it is
    for (const auto& command : plan.commands) command->oom_score_adj = inherited;
}

// Returns the descriptors of the plan, sorted. All others are closed.
std::vector<int> own_descriptors(const Plan& plan) {
    std::vector<int> own;
    const auto add = [&](const sys::Fd& fd) {
        if (fd) own.push_back(fd.get());
    };
    for (const sys::Fd* fd : {&plan.name_lock, &plan.listener, &plan.log, &plan.error_log, &plan.stdin_file,
                              &plan.input.writer, &plan.input.notes, &plan.cwd, &plan.reply})
        add(*fd);
    own.push_back(plan.lock.get());
    if (plan.port_lock) own.push_back(plan.port_lock.get());
    for (const sys::Fd& log : plan.worker_logs) add(log);
    plan.store.append_to(own);
    if (plan.extras) {
        for (const sys::Fd& lease : plan.extras->leases) add(lease);
        if (plan.extras->watch) plan.extras->watch->keep(own);
        add(plan.extras->notify);
        add(plan.extras->log_folder);
        add(plan.extras->viewer);
        add(plan.extras->viewer_channel);
    }
    for (const int fd : plan.commands[0]->keep_fds) own.push_back(fd);
    plan.spares.append_to(own);
    std::sort(own.begin(), own.end());
    return own;
}

}  // namespace

sys::SignalQueue become_guardian(Plan& plan) {
    ::setsid();  // this only fails for the leader of a group, which a forked child is not
    if (::chdir("/") != 0) ::_exit(125);
    {
        const sys::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        if (!null) return {};
        for (int fd = 0; fd <= 2; ++fd) ::dup2(null.get(), fd);
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    sys::restore_file_size_signal();  // it is blocked here; the command gets it as the caller had it
    lower_oom_score(plan);
    ::signal(SIGCHLD, SIG_DFL);  // with an inherited SIG_IGN the kernel itself would reap the leader
    const std::vector<int> own = own_descriptors(plan);
    sys::close_descriptors(own.data(), own.size(), -1);

    run::Record& record = plan.record;
    sys::become_untraceable("sigmund: " + record.id + (record.name.empty() ? "" : ' ' + record.name));
    record.guardian_pid = ::getpid();
    if (const auto stat = sys::Procfs().stat(::getpid())) record.guardian_ticks = stat->start_ticks;
    sigset_t all;
    ::sigfillset(&all);
    return sys::SignalQueue(all);
}

void settle_down(sys::SpareFds& spares, std::size_t descriptors) {
    // From here on the run must not lose its guardian: when there is no memory, it waits for some.
    std::set_new_handler([] { ::usleep(20'000); });
    // The heap grows by what is needed, not by 128 KiB more: what is given back now must be had again when the
    // address space is limited (RLIMIT_AS).
    ::mallopt(M_TOP_PAD, 0);
    // The list of children can be read later with what is opened now.
    sys::hold_children_list();
    if (!sys::SpareFds::scarce(descriptors)) spares.hold();
}

}  // namespace sigmund::guard
