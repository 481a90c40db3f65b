// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether the prompt shows the number of runs, where the program that draws the prompt
// is known by the variables that it exports. The number is a matter of taste, so nothing here is a fault.
#include <algorithm>

#include "ops/doctor_parts.hpp"
#include "sys/file.hpp"

namespace sigmund::ops {
namespace {

struct Drawer {
    const char* word;                     // of `sigmund prompt`
    bool (*draws)(run::Shell);            // whether it draws the prompt of this shell
    std::vector<std::string> (*files)();  // its settings; the first one is where the segment belongs
};

bool is_starship(run::Shell shell) {
    return variable("STARSHIP_SHELL") == run::shell_name(shell);
}

std::vector<std::string> starship_files() {
    const std::string set = variable("STARSHIP_CONFIG");
    return {set.empty() ? user_folder("XDG_CONFIG_HOME", "/.config") + "/starship.toml" : set};
}

bool is_powerlevel10k(run::Shell shell) {
    return shell == run::Shell::zsh && !variable("P9K_TTY").empty();
}

std::vector<std::string> powerlevel10k_files() {
    return {real_path(start_file(run::Shell::zsh)), user_folder("ZDOTDIR", "") + "/.p10k.zsh"};
}

// Its older versions do not export the shell, and the newer ones not the file of settings: then nothing can be known.
bool is_oh_my_posh(run::Shell shell) {
    const std::string named = variable("POSH_SHELL");
    return variable("POSH_THEME").starts_with('/') && (named.empty() || named == run::shell_name(shell));
}

std::vector<std::string> oh_my_posh_files() {
    return {variable("POSH_THEME")};
}

constexpr Drawer drawers[] = {{"starship", is_starship, starship_files},
                              {"powerlevel10k", is_powerlevel10k, powerlevel10k_files},
                              {"oh-my-posh", is_oh_my_posh, oh_my_posh_files}};

bool shows_runs(const std::string& file) {
    const std::string text = sys::read_small(file, 1024 * 1024);
    return text.find("SIGMUND_RUNNING") != std::string::npos ||
           text.find("sigmund prompt ") != std::string::npos;
}

}  // namespace

void look_at_prompt(std::vector<Finding>& out, const ShellScene& scene) {
    if (!scene.hook_loaded) return;
    for (const Drawer& drawer : drawers) {
        if (!drawer.draws(*scene.kind)) continue;
        const auto files = drawer.files();
        const auto shows = std::find_if(files.begin(), files.end(), shows_runs);
        out.push_back(good("prompt", shows != files.end()
                                         ? *shows + " shows the number of runs in the prompt"
                                         : "the prompt can show the number of runs: sigmund prompt " +
                                               std::string(drawer.word) + " prints the lines for " +
                                               files[0]));
        return;
    }
}

}  // namespace sigmund::ops
