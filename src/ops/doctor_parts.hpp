// SPDX-License-Identifier: Apache-2.0
// The parts of `examine_shell`, each of which adds its findings, and what they share.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/doctor.hpp"
#include "run/calling_shell.hpp"

namespace sigmund::ops {

// Returns the value of a variable of the environment; empty when it is not set.
std::string variable(const char* name);
Finding good(const char* code, std::string what);

// What a shell part looks at. The shell has a hook and belongs to this user when `kind` is set.
struct ShellScene {
    std::optional<run::Shell> kind;
    run::CallingShell shell;
    const ShellKit& kit;
    std::string program;        // the path of this program's file; empty: unknown
    bool hook_possible = true;  // set by look_at_hook
    bool hook_loaded = false;   // set by look_at_hook
};

// The path of a folder or file of this user, from a variable with an absolute path or else below HOME.
std::string user_folder(const char* variable_name, const char* below_home);
// The start file of a shell, as people write it ("~/.bashrc").
std::string start_file(run::Shell shell);
std::string real_path(const std::string& shown);  // with the home folder in place of ~
// What a start file must call this program: `sigmund`, or its whole path when PATH does not lead to it, or when
// it lies in the home folder, since start files are read before PATH contains the folders of a home.
std::string call_name(const ShellScene& scene);
// The line that loads the hook.
std::string hook_line(const ShellScene& scene);
// Returns the first `sigmund` in PATH that can be executed; empty: none.
std::string program_in_path();
bool in_path(const std::string& folder);
std::string folder_of(const std::string& path);  // without the last name
bool same_file(const std::string& a, const std::string& b);

void look_at_hook(std::vector<Finding>& out, ShellScene& scene);
void look_at_notices(std::vector<Finding>& out, const ShellScene& scene);
void look_at_completion(std::vector<Finding>& out, const ShellScene& scene);
void look_at_prompt(std::vector<Finding>& out, const ShellScene& scene);
void look_at_path(std::vector<Finding>& out, const ShellScene& scene);

}  // namespace sigmund::ops
