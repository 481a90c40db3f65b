// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells whether the prompt shows the number of runs, where the file that draws the prompt is
// known. It is a choice, so nothing here is a fault.
#include "ops/doctor_parts.hpp"
#include "sys/file.hpp"

namespace sigmund::ops {

void look_at_prompt(std::vector<Finding>& out, const ShellScene& scene) {
    if (!scene.hook_loaded || variable("STARSHIP_SHELL") != run::shell_name(*scene.kind)) return;
    const std::string set = variable("STARSHIP_CONFIG");
    const std::string file =
        set.empty() ? user_folder("XDG_CONFIG_HOME", "/.config") + "/starship.toml" : set;
    const bool shows = sys::read_small(file, 1024 * 1024).find("SIGMUND_RUNNING") != std::string::npos;
    out.push_back(
        good("prompt", shows ? file + " shows the number of runs in the prompt"
                             : "the prompt can show the number of runs: sigmund prompt starship prints the "
                               "lines for " +
                                   file));
}

}  // namespace sigmund::ops
