// SPDX-License-Identifier: Apache-2.0
// What the parts of `examine_shell` share: the surroundings of the shell, and the words for its start file.
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "ops/doctor_parts.hpp"
#include "ops/find_program.hpp"
#include "text/quote.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

std::string own_path() {
    char buffer[PATH_MAX];
    const ssize_t n = ::readlink("/proc/self/exe", buffer, sizeof buffer);
    std::string path(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
    constexpr std::string_view deleted = " (deleted)";  // it was replaced while it ran
    if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
    return path;
}

bool below_home(const std::string& path) {
    const std::string home = variable("HOME");
    return home.size() > 1 && path.starts_with(home + '/');
}

}  // namespace

std::string variable(const char* name) {
    const char* text = std::getenv(name);
    return text ? text : "";
}

Finding good(const char* code, std::string what) {
    return {Level::good, code, std::move(what), "", ""};
}

std::string user_folder(const char* variable_name, const char* below_home) {
    const std::string set = variable(variable_name);
    return set.starts_with('/') ? set : variable("HOME") + below_home;
}

std::string start_file(run::Shell shell) {
    std::string path = shell == run::Shell::bash ? variable("HOME") + "/.bashrc"
                       : shell == run::Shell::zsh
                           ? user_folder("ZDOTDIR", "") + "/.zshrc"
                           : user_folder("XDG_CONFIG_HOME", "/.config") + "/fish/config.fish";
    return below_home(path) ? '~' + path.substr(variable("HOME").size()) : path;
}

std::string real_path(const std::string& shown) {
    return shown.starts_with('~') ? variable("HOME") + shown.substr(1) : shown;
}

std::string folder_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

bool same_file(const std::string& a, const std::string& b) {
    struct stat one {
    }, two{};
    return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

bool in_path(const std::string& folder) {
    const auto folders = text::split(variable("PATH"), ':');
    return std::any_of(folders.begin(), folders.end(),
                       [&](const std::string& each) { return same_file(each.empty() ? "." : each, folder); });
}

std::string program_in_path() {
    return find_program("sigmund", variable("PATH"), ".");
}

std::string call_name(const ShellScene& scene) {
    const std::string found = program_in_path();
    if (scene.program.empty()) return "sigmund";
    if (!same_file(found, scene.program)) return text::quote(scene.program);
    return below_home(found) ? text::quote(found) : "sigmund";
}

std::string hook_line(const ShellScene& scene) {
    const run::Shell shell = *scene.kind;
    const std::string init = call_name(scene) + " shell-init";
    return (shell == run::Shell::fish ? init + " fish | source" : "eval \"$(" + init + ")\"") + "  # in " +
           start_file(shell);
}

void examine_shell(std::vector<Finding>& out, const ShellKit& kit) {
    const auto shell = run::calling_shell(sys::Procfs(), ::getppid());
    ShellScene scene{
        .kind = {}, .shell = shell.value_or(run::CallingShell{}), .kit = kit, .program = own_path()};
    if (shell && shell->own) scene.kind = shell->kind;
    look_at_path(out, scene);
    look_at_hook(out, scene);
    if (!scene.kind) return;
    look_at_notices(out, scene);
    look_at_completion(out, scene);
    look_at_prompt(out, scene);
}

}  // namespace sigmund::ops
