// SPDX-License-Identifier: Apache-2.0
#include "top/verb_child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>

#include "sys/error.hpp"

namespace sigmund::top {
namespace {

constexpr std::size_t longest_text = 1024 * 1024;  // bytes that are kept of the output

// Starts this program again, with the usual signals. `output` is for stdout and stderr; -1: the terminal is for it.
pid_t spawn(const std::vector<std::string>& words, int output) {
    std::vector<std::string> copy{"sigmund"};
    copy.insert(copy.end(), words.begin(), words.end());
    std::vector<char*> argv;
    argv.reserve(copy.size() + 1);
    for (std::string& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&how);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&how, &none);
    ::posix_spawnattr_setsigdefault(&how, &all);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (output >= 0) {
        ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
        ::posix_spawnattr_setpgroup(&how, 0);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    ::posix_spawnattr_setflags(&how, static_cast<short>(flags));
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, "/proc/self/exe", &files, &how, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&how);
    if (error != 0) sys::fail(error, "start", "sigmund " + words[0]);
    return pid;
}

int status_of(int wait_status) {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

VerbChild::VerbChild(std::vector<std::string> words) : words_(std::move(words)) {
    int ends[2];
    sys::check(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), "make", "a pipe");
    output_.reset(ends[0]);
    const sys::Fd write_end(ends[1]);
    ::fcntl(write_end.get(), F_SETFL, 0);  // the verb must not find a full pipe
    pid_ = spawn(words_, write_end.get());
}

bool VerbChild::read() {
    char buffer[16 * 1024];
    ssize_t n = 0;
    while ((n = ::read(output_.get(), buffer, sizeof buffer)) > 0)
        if (text_.size() < longest_text) text_.append(buffer, static_cast<std::size_t>(n));
    if (n < 0) return false;
    int status = 0;  // its output ends when it does
    if (::waitpid(pid_, &status, 0) != pid_) return false;
    status_ = status_of(status);
    return true;
}

std::string VerbChild::last_line() const {
    std::string text = text_;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (const auto at = text.rfind('\n'); at != text.npos) text.erase(0, at + 1);
    if (text.starts_with("sigmund: ")) text.erase(0, 9);
    return text;
}

int run_in_terminal(const std::vector<std::string>& words) {
    const pid_t pid = spawn(words, -1);
    int status = 0;
    while (::waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
        ::raise(SIGSTOP);
        ::kill(pid, SIGCONT);
    }
    return status_of(status);
}

}  // namespace sigmund::top
