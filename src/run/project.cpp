// SPDX-License-Identifier: Apache-2.0
#include "run/project.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "run/failure.hpp"
#include "run/git_file.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "text/words.hpp"

namespace sigmund::run {
namespace {

constexpr std::string_view file_name = "/sigmund.toml";

// Returns what precedes the slash in the path of an entry of the folder.
std::string base_of(const std::string& folder) {
    return folder == "/" ? "" : folder;
}

// "/a/b" gives "/a", and "/a" gives "/". Empty: the folder has none above it.
std::string folder_above(const std::string& folder) {
    const auto slash = folder.rfind('/');
    if (folder.size() < 2 || slash == std::string::npos) return "";
    return folder.substr(0, std::max<std::size_t>(slash, 1));
}

std::string file_in(const std::string& folder) {
    std::string file = base_of(folder).append(file_name);
    return ::access(file.c_str(), F_OK) == 0 ? file : "";
}

bool is_at_or_below(const std::string& folder, const std::string& top) {
    return folder.starts_with(top) && (folder.size() == top.size() || folder[top.size()] == '/');
}

// Returns the real path of $HOME if the folder is in it, or else an empty text. The folder's path is real, so its
// beginning is, too.
std::string home_above(const std::string& folder) {
    const char* const home = std::getenv("HOME");
    if (!home || *home != '/') return "";
    std::string path = home;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    if (is_at_or_below(folder, path)) return path;
    char* const real = ::realpath(home, nullptr);
    path = real ? real : "";
    ::free(real);
    return !path.empty() && is_at_or_below(folder, path) ? path : "";
}

enum class Top { none, submodule, checkout };

Top top_at(const std::string& folder) {
    const std::string path = base_of(folder) + "/.git";
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) return Top::none;
    if (!S_ISREG(st.st_mode)) return Top::checkout;
    return is_submodule(sys::read_small(path, longest_git_file), folder) ? Top::submodule : Top::checkout;
}

}  // namespace

bool is_submodule(std::string_view git_file, const std::string& folder) {
    const std::string path = path_in_git_file(git_file, folder);
    if (path.empty()) return false;
    const std::vector<std::string> parts = text::split(path, '/');
    const std::size_t count = parts.size();
    // A worktree of a submodule is in modules/SUBMODULE/worktrees/NAME.
    if (count > 2 && parts[count - 2] == "worktrees" && parts[count - 3] != "modules") return false;
    std::size_t end = 0;  // of the path to the part before this one
    for (std::size_t i = 1; i + 1 < count; ++i) {
        end += parts[i - 1].size() + (i > 1 ? 1 : 0);
        if (parts[i] != "modules") continue;
        // The folder above is that of a repository, or of a worktree in it.
        if (parts[i - 1].ends_with(".git") || (i > 2 && parts[i - 2] == "worktrees") ||
            ::access((path.substr(0, end) + "/HEAD").c_str(), F_OK) == 0)
            return true;
    }
    return false;
}

Project find_project(const std::string& start) {
    const std::string home = home_above(start);
    std::string top;  // of the outermost submodule so far
    for (std::string folder = start; !folder.empty(); folder = folder_above(folder)) {
        if (std::string file = file_in(folder); !file.empty()) return {folder, true, std::move(file)};
        const Top kind = top_at(folder);
        if (kind != Top::none) top = folder;
        if (kind == Top::checkout || folder == home) break;
    }
    return top.empty() ? Project{start, false, ""} : Project{top, true, ""};
}

std::string file_beyond(const Project& project) {
    if (!project.found || !project.file.empty()) return "";
    const std::string home = home_above(project.folder);
    for (std::string folder = project.folder; !folder.empty() && folder != home;) {
        folder = folder_above(folder);
        if (folder.empty()) break;
        if (std::string file = file_in(folder); !file.empty()) return file;
    }
    return "";
}

std::string folder_named(const std::string& text) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(text, error);
    std::string folder = error ? "" : std::filesystem::weakly_canonical(absolute, error).string();
    if (error)
        throw Failure(Exit::usage, "failed", text + ": " + sys::describe_errno(error.value()),
                      "give the absolute path of the folder");
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    return folder;
}

bool is_gone(const std::string& folder) {
    return ::access(folder.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

std::string with_fate(const std::string& folder) {
    return folder + (!folder.empty() && is_gone(folder) ? " gone" : "");
}

std::string with_tilde(const std::string& folder) {
    const std::string home = home_above(folder);
    return home.size() > 1 ? '~' + folder.substr(home.size()) : folder;
}

}  // namespace sigmund::run
