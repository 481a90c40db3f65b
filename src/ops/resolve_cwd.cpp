// SPDX-License-Identifier: Apache-2.0
#include "ops/resolve_cwd.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "ops/start_failure.hpp"
#include "run/project.hpp"

namespace sigmund::ops {
namespace {

std::string current_folder() {
    char* const here = ::getcwd(nullptr, 0);
    if (!here) not_started("cannot determine the current folder", errno, "cd to one that exists");
    std::string out = here;
    ::free(here);
    return out;
}

std::string real_path(const std::string& path) {
    char* const real = ::realpath(path.c_str(), nullptr);
    std::string out = real ? real : "";
    ::free(real);
    return out;
}

// Returns "/a/c" for "/a/./b/../c//" if that names the same folder, whose real path is `real`; after a
// symbolic link, `..` may name another folder. Else returns `path`.
std::string without_dots(const std::string& path, const std::string& real) {
    std::string out;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        at = end + 1;
        if (part == "..")
            out.erase(std::min(out.rfind('/'), out.size()));
        else if (!part.empty() && part != ".")
            out += '/' + part;
    }
    if (out.empty()) out = "/";
    return out == real || real_path(out) == real ? out : path;
}

}  // namespace

void resolve_cwd(run::Spec& spec) {
    if (spec.cwd.empty() || spec.cwd[0] != '/') {
        const std::string here = current_folder();
        spec.cwd = spec.cwd.empty() ? here : here + '/' + spec.cwd;
    }
    // A symbolic link is kept, so that each life starts in the folder that it points to by then (such as
    // `current` of a deployment).
    std::string folder = spec.cwd;
    if (const std::string real = real_path(spec.cwd); !real.empty()) folder = real;
    spec.cwd = without_dots(spec.cwd, folder);
    if (spec.in_project) return;
    run::Project project = run::find_project(folder);
    spec.project = std::move(project.folder);
    spec.in_project = project.found;
}

}  // namespace sigmund::ops
