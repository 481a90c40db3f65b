// SPDX-License-Identifier: Apache-2.0
#include "run/handle.hpp"

#include <unistd.h>

#include <climits>

#include "run/project.hpp"
#include "run/shell_session.hpp"

namespace sigmund::run {

Surroundings surroundings_here() {
    char here[PATH_MAX];
    const Project project = ::getcwd(here, sizeof here) ? find_project(here) : Project{};
    return {project.folder, current_shell(), project.found};
}

std::string handle(const View& view, const Record& record, const Surroundings& around) {
    if (record.name.empty()) return record.id;
    try {
        const auto found = resolve(view, {record.name}, around).runs;
        if (found.size() == 1 && found[0].record.id == record.id) return record.name;
    } catch (const Failure&) {
        // There is no such run here; the id is certain.
    }
    return record.id;
}

std::string handle(const View& view, const Record& record) {
    return handle(view, record, surroundings_here());
}

}  // namespace sigmund::run
