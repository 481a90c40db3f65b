// SPDX-License-Identifier: Apache-2.0
// The part of the doctor that tells what completes the words of sigmund in the calling shell: an installed file, where
// the shell searches for it, or the hook.
#include <unistd.h>

#include <algorithm>

#include "ops/doctor_parts.hpp"
#include "sys/file.hpp"
#include "text/quote.hpp"
#include "text/words.hpp"

namespace sigmund::ops {
namespace {

using List = std::vector<std::string>;

constexpr std::size_t file_limit = 1024 * 1024;

List data_dirs() {
    const std::string dirs = variable("XDG_DATA_DIRS");
    return text::split(dirs.empty() ? "/usr/local/share:/usr/share" : dirs, ':');
}

// Returns share/ next to a folder bin/ or sbin/; empty: it is another folder.
std::string share_next_to(const std::string& folder) {
    for (const std::string_view bin : {"/bin", "/sbin"})
        if (folder.ends_with(bin)) return folder.substr(0, folder.size() - bin.size()) + "/share";
    return {};
}

// Returns the script of the bash-completion package, which loads files on demand; empty: it was not found.
std::string bash_package() {
    List dirs = data_dirs();
    dirs.insert(dirs.end(), {"/usr/local/share", "/usr/share", "/home/linuxbrew/.linuxbrew/share"});
    for (const std::string& dir : dirs)
        if (std::string path = dir + "/bash-completion/bash_completion"; ::access(path.c_str(), R_OK) == 0)
            return path;
    return {};
}

// Since its version 2.12 it also searches next to the programs.
bool searches_next_to_programs(const std::string& package) {
    const std::string text = sys::read_small(package, file_limit);
    const auto at = text.find("BASH_COMPLETION_VERSINFO=(");
    if (at == std::string::npos) return false;
    const auto words = text::split(std::string_view(text).substr(at + 26, 16), ' ');
    const auto number = [&](std::size_t i) {
        const std::string word =
            i < words.size() ? words[i].substr(0, words[i].find_first_not_of("0123456789")) : "";
        return text::whole_number<int>(word).value_or(0);
    };
    return number(0) * 100 + number(1) >= 212;
}

// Return the files that the shell would load, in the order in which it searches.
List bash_files(const ShellScene& scene, const std::string& package) {
    List folders;
    if (const std::string set = variable("BASH_COMPLETION_USER_DIR"); !set.empty())
        folders = text::split(set, ':');
    else
        folders = {user_folder("XDG_DATA_HOME", "/.local/share") + "/bash-completion"};
    if (!package.empty() && searches_next_to_programs(package)) {
        List places = text::split(variable("PATH"), ':');
        places.insert(places.begin(), folder_of(scene.program));
        for (const std::string& place : places)
            if (const std::string share = share_next_to(place); !share.empty())
                folders.push_back(share + "/bash-completion");
    }
    for (const std::string& dir : data_dirs()) folders.push_back(dir + "/bash-completion");
    if (!package.empty()) folders.push_back(folder_of(package));
    List files;
    for (const std::string& folder : folders)
        for (const char* name : {"sigmund", "sigmund.bash", "_sigmund"})
            files.push_back(folder + "/completions/" + name);
    return files;
}

List fish_files() {
    List folders = {user_folder("XDG_CONFIG_HOME", "/.config") + "/fish/completions", "/etc/fish/completions",
                    user_folder("XDG_DATA_HOME", "/.local/share") + "/fish/vendor_completions.d"};
    for (const std::string& dir : data_dirs()) folders.push_back(dir + "/fish/vendor_completions.d");
    folders.insert(folders.end(), {"/usr/share/fish/vendor_completions.d", "/usr/share/fish/completions"});
    List files;
    for (const std::string& folder : folders) files.push_back(folder + "/sigmund.fish");
    return files;
}

// The fpath of zsh is not exported, so these are the folders in which people and packages put such files.
List zsh_files(const ShellScene& scene) {
    List folders = {user_folder("XDG_DATA_HOME", "/.local/share") + "/zsh/site-functions"};
    if (const std::string share = share_next_to(folder_of(scene.program)); !share.empty())
        folders.push_back(share + "/zsh/site-functions");
    for (const std::string& folder : text::split(variable("FPATH"), ':'))
        if (!folder.empty()) folders.push_back(folder);
    folders.insert(folders.end(), {"/usr/local/share/zsh/site-functions", "/usr/share/zsh/site-functions",
                                   "/usr/share/zsh/vendor-completions"});
    List files;
    for (const std::string& folder : folders) files.push_back(folder + "/_sigmund");
    return files;
}

std::string redirected(const ShellScene& scene, const std::string& file) {
    return call_name(scene) + " completions " + run::shell_name(*scene.kind) + " >" + text::quote(file);
}

void look_at_age(std::vector<Finding>& out, const ShellScene& scene, const std::string& file) {
    const std::string text = sys::read_small(file, file_limit);
    if (text == scene.kit.completion(*scene.kind)) return;
    out.push_back({Level::advice, "completion", file + " is not the completion of this version of sigmund",
                   "it may miss words, or offer words that sigmund does not know",
                   ::access(file.c_str(), W_OK) == 0 ? redirected(scene, file)
                                                     : "install it again, together with this program"});
}

void tell_none(std::vector<Finding>& out, const ShellScene& scene, const std::string& place) {
    const std::string shell = run::shell_name(*scene.kind);
    out.push_back(
        {Level::advice, "completion", "no completion file for " + shell + " was found",
         "TAB completes no words of sigmund, unless " + start_file(*scene.kind) +
             " loads one from another place",
         (scene.hook_possible ? "load the hook, which completes them; without it: mkdir -p " : "mkdir -p ") +
             text::quote(folder_of(place)) + " && " + redirected(scene, place)});
}

void look_at_bash(std::vector<Finding>& out, const ShellScene& scene, const std::string& file,
                  const std::string& place) {
    if (scene.hook_loaded)
        out.push_back(good("completion", "the hook completes the words of sigmund"));
    else if (file.empty())
        tell_none(out, scene, place);
    else if (bash_package().empty())
        out.push_back(
            {Level::advice, "completion",
             file + " is loaded by the bash-completion package, which was not found",
             "without it, TAB completes no words of sigmund",
             scene.hook_possible ? "load the hook, which needs no package" : "install bash-completion"});
    else
        out.push_back(good("completion", file + ", if this shell has loaded the bash-completion package"));
}

void look_at_zsh(std::vector<Finding>& out, const ShellScene& scene, const std::string& file,
                 const std::string& place) {
    if (scene.hook_loaded)
        out.push_back(good("completion", "the hook completes the words of sigmund once compinit has run"));
    else if (file.empty())
        tell_none(out, scene, place);
    else
        out.push_back(good("completion", file + ", if " + start_file(*scene.kind) + " has fpath=(" +
                                             text::quote(folder_of(file)) +
                                             " $fpath) before compinit, or that folder is in fpath anyway"));
}

}  // namespace

void look_at_completion(std::vector<Finding>& out, const ShellScene& scene) {
    const run::Shell shell = *scene.kind;
    List files = shell == run::Shell::bash  ? bash_files(scene, bash_package())
                 : shell == run::Shell::zsh ? zsh_files(scene)
                                            : fish_files();
    const std::string place = shell == run::Shell::fish ? user_folder("XDG_CONFIG_HOME", "/.config") +
                                                              "/fish/completions/sigmund.fish"
                                                        : files[0];
    std::erase_if(files, [](const std::string& file) { return ::access(file.c_str(), R_OK) != 0; });
    const std::string file = files.empty() ? "" : files[0];
    switch (shell) {
        case run::Shell::bash:
            look_at_bash(out, scene, file, place);
            break;
        case run::Shell::zsh:
            look_at_zsh(out, scene, file, place);
            break;
        case run::Shell::fish:
            if (!file.empty())
                out.push_back(good("completion", file));
            else if (scene.hook_loaded)
                out.push_back(good("completion", "the hook completes the words of sigmund"));
            else
                tell_none(out, scene, place);
    }
    if (!file.empty()) look_at_age(out, scene, file);
}

}  // namespace sigmund::ops
