// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that checks whether the shell has the hook and the completions.
#include <limits.h>
#include <unistd.h>

#include <cstdlib>

#include "ops/doctor.hpp"
#include "run/shell_session.hpp"

namespace sigmund::ops {
namespace {

std::string value(const char* name) {
    const char* found = std::getenv(name);
    return found == nullptr ? "" : found;
}

Finding good(const char* code, std::string what) {
    return {Level::good, code, std::move(what), "", ""};
}

// zsh searches its own fpath, which is not exported. Debian's includes vendor-completions under /usr/share.
void look_at_completion(std::vector<Finding>& out, const std::string& shell) {
    const bool zsh = shell == "zsh";
    const std::string data =
        value("XDG_DATA_HOME").empty() ? value("HOME") + "/.local/share" : value("XDG_DATA_HOME");
    const std::string file = zsh               ? "/zsh/site-functions/_sigmund"
                             : shell == "fish" ? "/fish/vendor_completions.d/sigmund.fish"
                                               : "/bash-completion/completions/sigmund";
    const std::string own = data + file;
    const std::string folder = own.substr(0, own.rfind('/'));
    for (const std::string& at : {"/usr/local/share" + file, "/usr/share" + file,
                                  std::string("/usr/share/zsh/vendor-completions/_sigmund")})
        if ((zsh || at.find("/zsh/") == std::string::npos) && ::access(at.c_str(), R_OK) == 0)
            return out.push_back(good("completion", at));
    if (::access(own.c_str(), R_OK) == 0)
        return out.push_back(
            good("completion",
                 own + (zsh ? ", if ~/.zshrc has fpath=(" + folder + " $fpath) before compinit" : "")));
    out.push_back({Level::advice, "completion", "no completions for " + shell + " are installed",
                   "TAB does not complete the names of runs",
                   "mkdir -p " + folder + " && sigmund completions " + shell + " >" + own});
}

// Returns what a start file must call this program: the whole path when it lies in the home folder, since
// such files are read before PATH contains the folders of a home.
std::string own_name() {
    char buffer[PATH_MAX];
    const ssize_t n = ::readlink("/proc/self/exe", buffer, sizeof buffer);
    const std::string path(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
    const bool home = !value("HOME").empty() && path.starts_with(value("HOME") + '/');
    return home && path.find_first_of(" \t\n'\"$`\\&;|<>()*?[") == std::string::npos ? path : "sigmund";
}

}  // namespace

void examine_shell(std::vector<Finding>& out) {
    const std::string path = value("SHELL");
    const std::string shell = path.substr(path.rfind('/') + 1);
    if (!run::current_shell().empty()) {
        out.push_back(good("hook", "the shell hook is active: " + run::current_shell()));
    } else {
        const std::string init = own_name() + " shell-init";
        const std::string line = shell == "fish"  ? init + " fish | source  # in ~/.config/fish/config.fish"
                                 : shell == "zsh" ? "eval \"$(" + init + ")\"  # in ~/.zshrc"
                                                  : "eval \"$(" + init + ")\"  # in ~/.bashrc";
        out.push_back({Level::advice, "hook", "the shell hook is not active here",
                       "there are no notices about runs and no question when the shell exits", line});
    }
    look_at_completion(out, shell == "zsh" || shell == "fish" ? shell : "bash");
}

}  // namespace sigmund::ops
