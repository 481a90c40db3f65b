// SPDX-License-Identifier: Apache-2.0
#include "ops/start_guardian.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "ops/parting.hpp"
#include "run/shell_stores.hpp"
#include "sys/affinity.hpp"
#include "sys/memory.hpp"
#include "sys/sharing.hpp"
#include "text/blanks.hpp"

namespace sigmund::ops {
namespace {

// Blocks all signals. The guardian keeps them blocked, and the launcher restores the mask that is returned.
sigset_t block_signals(guard::Plan& plan) {
    struct sigaction chld {};
    ::sigaction(SIGCHLD, nullptr, &chld);
    const sigset_t before = sys::block_all_signals();
    for (const auto& command : plan.commands) {
        command->inherited_chld_ignore = chld.sa_handler == SIG_IGN;
        command->inherited_mask = before;
    }
    return before;
}

// Returns the mask with which the launcher parts. Before Linux 5.16, a signal that dumps core ends all processes
// that share the memory, so also the guardian; such a signal waits until the launcher has ended.
sigset_t mask_of_parting(sigset_t mask) {
    for (const int signal :
         {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS})
        ::sigaddset(&mask, signal);
    return mask;
}

// The words of the sigmund that cleans up. They live until the process ends or executes it.
struct NextWords {
    std::vector<std::string> words;
    std::vector<char*> pointers;
    explicit NextWords(std::vector<std::string> given) : words(std::move(given)) {
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
    }
};

// Returns what the launcher will say of a run whose process has that number.
PartingWords words_for(run::Record& record, const PartingWordsOf& words, const text::Numbers& numbers) {
    record.pid = record.pgid = record.sid = static_cast<pid_t>(numbers[0]);
    PartingWords out = words(record);
    record.pid = record.pgid = record.sid = 0;
    return out;
}

// Makes the pipe for the reply: the plan gets one end, and the launcher the other. Empty with errno on failure.
sys::Fd open_answers(guard::Plan& plan) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    plan.reply.reset(ends[1]);
    return sys::Fd(ends[0]);
}

int guardian_body(void* plan) {
    guard::run_guardian(std::move(*static_cast<guard::Plan*>(plan)));
}

}  // namespace

StartOutcome fork_guardian(guard::Plan& plan, bool launcher_stays, const std::function<void()>& in_guardian) {
    StartOutcome out;
    sys::Fd answers = open_answers(plan);
    if (!answers) {
        out.fork_error = errno;
        return out;
    }
    const sigset_t before = block_signals(plan);
    sys::OneProcessor start;
    const pid_t pid = ::fork();
    out.fork_error = pid < 0 ? errno : 0;
    start.release();
    if (pid == 0) {
        if (launcher_stays) {
            const pid_t second = ::fork();
            if (second < 0) {
                const guard::StartReply reply{false, true, sys::SpawnStage::process, errno, 0, 0};
                (void)!::write(plan.reply.get(), &reply, sizeof reply);
            }
            if (second != 0) ::_exit(0);
        }
        answers.reset();
        in_guardian();
        guard::run_guardian(std::move(plan));
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) return out;
    if (launcher_stays)
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    plan.reply.reset();
    ssize_t n;
    do n = ::read(answers.get(), &out.reply, sizeof out.reply);
    while (n < 0 && errno == EINTR);
    out.answered = n == static_cast<ssize_t>(sizeof out.reply);
    return out;
}

bool may_share(const guard::Plan& plan) {
    return sys::can_share_memory() && plan.commands.size() == 1 && plan.workers == 0 && !plan.extras;
}

std::optional<StartOutcome> share_with_guardian(guard::Plan& plan, const PartingWordsOf& words) {
    StartOutcome out;
    run::Record& record = plan.record;
    PartingWords one = words_for(record, words, text::stand_ins_one);
    const PartingWords two = words_for(record, words, text::stand_ins_two);
    text::Blanks said(std::move(one.said), two.said), printed(std::move(one.printed), two.printed);
    NextWords killed({"sigmund", "after-start", "killed", plan.store.path(), record.id, record.name,
                      run::scoped_name(record).project, record.shell, run::store_of_hook(record.shell)});
    NextWords unwritten({"sigmund", "after-start", "unwritten", "000"});
    sys::Fd answers = open_answers(plan);
    if (!answers) {
        out.fork_error = errno;
        return out;
    }
    plan.shares_memory = true;
    sys::remember_first_stack();
    const sigset_t before = block_signals(plan);
    const Parting parting{.answers = answers.get(),
                          .said = said.form(),
                          .printed = printed.form(),
                          .mask = mask_of_parting(before),
                          .guardian_killed = killed.pointers.data(),
                          .unwritten = unwritten.pointers.data(),
                          .error = unwritten.words[3].data()};
    plan.processor = std::make_unique<sys::OneProcessor>();
    const pid_t pid = sys::clone_sharing(guardian_body, &plan);
    if (pid < 0) {
        out.fork_error = errno;
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        plan.reply.reset();
        plan.shares_memory = false;
        plan.processor.reset();
        if (sys::refuses_to_share(out.fork_error)) return std::nullopt;
        return out;
    }
    out.reply = part(parting, pid);  // nothing of the C library may be called before this has returned
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    out.answered = out.cleaned_up = true;
    return out;
}

}  // namespace sigmund::ops
