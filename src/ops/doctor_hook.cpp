// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether the calling shell has loaded the hook, and what can be seen of it from
// outside. The lists of hooks of a shell can only be seen from inside, by `sigmund_jobs`.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "ops/doctor_parts.hpp"
#include "run/shell_session.hpp"
#include "sys/file.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

std::string described(const run::CallingShell& shell) {
    return shell.program + " (" + std::to_string(shell.pid) + ")";
}

// What the hook tells about itself: SHELL.STACK.HASH. The hash is empty when the hook was not printed by shell-init.
struct HookVariable {
    std::string shell, stack, hash;
};

std::optional<HookVariable> hook_variable() {
    const auto parts = text::split(variable("SIGMUND_SHELL_HOOK"), '.');
    if (parts.size() != 3) return std::nullopt;
    return HookVariable{parts[0], parts[1], parts[2]};
}

// Returns whether SIGMUND_SHELL_ID names this shell, which inner shells inherit.
bool names(const std::string& id, pid_t pid) {
    const auto parsed = run::parse_shell_id(id);
    return parsed && parsed->pid == pid && run::shell_alive(id);
}

// Returns whether the variable was set by this very program of the process. After an exec the process is the same,
// but its stack is not.
bool set_by(const HookVariable& hook, const run::CallingShell& shell) {
    return hook.shell == run::shell_name(*shell.kind) &&
           (shell.stack == 0 || hook.stack == "0" || hook.stack == std::to_string(shell.stack));
}

// Reads the version of a bash from its file, where it follows "@(#)Bash version ". Returns 404 for 4.4, and nothing
// when it cannot be told.
std::optional<int> bash_version(pid_t pid) {
    constexpr std::string_view mark = "@(#)Bash version ";
    const sys::Fd fd(::open(("/proc/" + std::to_string(pid) + "/exe").c_str(), O_RDONLY | O_CLOEXEC));
    std::string file;
    if (!fd || sys::read_all(fd.get(), file, 32UL * 1024 * 1024) != 0) return std::nullopt;
    const auto at = file.find(mark);
    if (at == std::string::npos) return std::nullopt;
    const auto parts = text::split(std::string_view(file).substr(at + mark.size(), 16), '.');
    const auto major = text::whole_number<int>(parts[0]);
    const auto minor = parts.size() > 1 ? text::whole_number<int>(parts[1]) : std::nullopt;
    if (!major || !minor) return std::nullopt;
    return *major * 100 + *minor;
}

bool has_hook_line(run::Shell shell) {
    const std::string file = sys::read_small(real_path(start_file(shell)), 1024 * 1024);
    for (const std::string& line : text::split(file, '\n')) {
        const auto first = line.find_first_not_of(" \t");
        if (first != std::string::npos && line[first] != '#' &&
            line.find("shell-init") != std::string::npos && line.find("sigmund") != std::string::npos)
            return true;
    }
    return false;
}

void tell_missing(std::vector<Finding>& out, ShellScene& scene) {
    const std::string shell = described(scene.shell);
    scene.hook_possible = false;
    if (scene.shell.restricted)
        return out.push_back(good("hook", shell + " is restricted, so it gets no hook"));
    if (*scene.kind == run::Shell::bash)
        if (const auto version = bash_version(scene.shell.pid); version && *version < 404)
            return out.push_back({Level::advice, "hook",
                                  shell + " is version " + std::to_string(*version / 100) + '.' +
                                      std::to_string(*version % 100) +
                                      ", which is too old for the shell hook",
                                  "there are no notices about runs and no question when the shell exits",
                                  "use bash 4.4 or later, zsh or fish"});
    scene.hook_possible = true;
    Finding finding{Level::advice, "hook", "the shell hook is not active in " + shell,
                    "there are no notices about runs and no question when the shell exits", hook_line(scene)};
    if (const std::string outer = run::current_shell(); !outer.empty() && !names(outer, scene.shell.pid))
        finding.why = "runs that are started here belong to the shell around it (" +
                      outer.substr(0, outer.find('.')) + "), which reports their ends";
    if (const std::string file = start_file(*scene.kind); has_hook_line(*scene.kind)) {
        finding.what += ", although the line for it is in " + file;
        finding.mend = "open a new shell, or run that line here and read what it says";
        if (*scene.kind == run::Shell::bash && scene.shell.login)
            finding.mend =
                "source " + file +
                " in ~/.bash_profile, or in ~/.profile if there is none: a login shell reads only that";
    }
    out.push_back(std::move(finding));
}

}  // namespace

void look_at_hook(std::vector<Finding>& out, ShellScene& scene) {
    if (scene.shell.pid == 0) {
        const bool seen = ::getppid() == 0 || sys::Procfs().stat(::getppid());
        return out.push_back(good("hook", seen ? "this was not called from an interactive shell, so hook and "
                                                 "completion do not matter here"
                                               : "/proc does not show from which shell this was called"));
    }
    const std::string shell = described(scene.shell);
    if (!scene.shell.kind)
        return out.push_back(good("hook", "this shell is " + shell +
                                              "; hook and completion exist for bash, zsh and "
                                              "fish"));
    if (!scene.kind)
        return out.push_back(good("hook", shell +
                                              " belongs to another user, so runs that are started like this "
                                              "belong to no shell"));
    const std::string id = variable("SIGMUND_SHELL_ID");
    const auto hook = hook_variable();
    if (!names(id, scene.shell.pid) || (hook && !set_by(*hook, scene.shell))) return tell_missing(out, scene);
    scene.hook_loaded = true;
    if (!hook || (!hook->hash.empty() && hook->hash != scene.kit.hook_hash(*scene.kind)))
        out.push_back(
            {Level::advice, "hook", shell + " has loaded the shell hook of another version of sigmund",
             "this program may have changed since the shell was opened",
             "open a new shell; if a copy of the hook is kept in a file, write it again with sigmund "
             "shell-init"});
    else
        out.push_back(good("hook", shell +
                                       " has loaded the shell hook; sigmund_jobs reports it if the shell has "
                                       "lost a part of it"));
}

}  // namespace sigmund::ops
