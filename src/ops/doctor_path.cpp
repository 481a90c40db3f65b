// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether PATH leads to this program, or to another one of that name.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "guard/aide.hpp"
#include "ops/doctor_parts.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"
#include "text/quote.hpp"
#include "text/words.hpp"
#include "version.hpp"

namespace sigmund::ops {
namespace {

constexpr sys::Millis patience = 2000;  // for the answer of the other program

// Only what this user or root has put in place is executed.
bool may_execute(const std::string& program) {
    struct stat st {};
    return ::stat(program.c_str(), &st) == 0 && (st.st_uid == 0 || st.st_uid == ::geteuid()) &&
           (st.st_mode & S_IWOTH) == 0;
}

// Executes a program whose output goes to `out`, and ends it with all that it has started once the other end of
// `lifeline` is closed. This is for a process of its own, which has no other children.
[[noreturn]] void keep_alive(const std::string& program, const char* argument, int out, int lifeline) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out, 1);
    ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    std::string name = program, word = argument;
    char* argv[] = {name.data(), word.data(), nullptr};
    pid_t pid = -1;
    if (::posix_spawn(&pid, program.c_str(), &files, nullptr, argv, environ) != 0) ::_exit(1);
    ::close(out);
    char none;
    while (::read(lifeline, &none, 1) < 0 && errno == EINTR) {
    }
    guard::end_children();
    ::_exit(0);
}

// Returns what a program prints first, at most 256 bytes. When it takes too long it is ended. Nothing of it is left.
std::string first_output(const std::string& program, const char* argument) {
    int ends[2], life[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const sys::Fd reader(ends[0]);
    sys::Fd writer(ends[1]);
    if (::pipe2(life, O_CLOEXEC) != 0) return {};
    sys::Fd waits(life[0]), lifeline(life[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {};
    if (pid == 0) {
        lifeline.reset();
        keep_alive(program, argument, writer.get(), waits.get());
    }
    writer.reset();
    char buffer[256];
    pollfd wait{reader.get(), POLLIN, 0};
    const bool answered = ::poll(&wait, 1, static_cast<int>(patience)) == 1;
    const ssize_t n = answered ? ::read(reader.get(), buffer, sizeof buffer) : 0;
    lifeline.reset();
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return {buffer, n > 0 ? static_cast<std::size_t>(n) : 0};
}

// Returns the version that another sigmund says it is; empty: it does not say so.
std::string version_of(const std::string& program) {
    if (!may_execute(program)) return {};
    const auto words = text::split(text::split(first_output(program, "--version"), '\n')[0], ' ');
    return words.size() == 2 && words[0] == "sigmund" ? words[1] : "";
}

std::string prepend_line(const ShellScene& scene, const std::string& folder) {
    if (folder.find(':') != std::string::npos)
        return "move the program: a folder with a colon cannot be in PATH";
    const std::string word = text::quote(folder);
    const std::string line = scene.kind == run::Shell::fish ? "set -gx PATH " + word + " $PATH"
                                                            : "export PATH=" + word + ":\"$PATH\"";
    return scene.kind ? line + "  # in " + start_file(*scene.kind) : line;
}

}  // namespace

void look_at_path(std::vector<Finding>& out, const ShellScene& scene) {
    if (scene.program.empty()) return;
    const std::string found = program_in_path();
    const std::string folder = folder_of(scene.program);
    if (found.empty() && in_path(folder))
        return out.push_back({Level::advice, "path", "PATH leads to no program named sigmund",
                              "the hook and other programs find it only by that name",
                              "mv " + text::quote(scene.program) + ' ' + text::quote(folder + "/sigmund")});
    if (found.empty())
        return out.push_back({Level::advice, "path", "PATH does not contain " + folder,
                              "sigmund is found only by its path, " + text::quote(scene.program),
                              prepend_line(scene, folder)});
    if (same_file(found, scene.program))
        return out.push_back(good("path", found + " is the first sigmund in PATH"));
    const std::string version = version_of(found);
    if (version == SIGMUND_VERSION)
        return out.push_back(
            good("path", found + " is the first sigmund in PATH, of the same version as " + scene.program));
    out.push_back({Level::advice, "path",
                   "the first sigmund in PATH is " + found + " (" +
                       (version.empty() ? "of an unknown version" : version) + "), but this is " +
                       scene.program + " (" SIGMUND_VERSION ")",
                   "the command sigmund starts the other one",
                   "remove one of them, or put this one first: " + prepend_line(scene, folder)});
}

}  // namespace sigmund::ops
