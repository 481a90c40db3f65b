// SPDX-License-Identifier: Apache-2.0
#include "ops/find_program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "text/words.hpp"

namespace sigmund::ops {

std::string find_program(std::string_view name, std::string_view path, const std::string& cwd) {
    if (name.empty()) return {};
    const bool given = name.find('/') != name.npos;
    for (const std::string& folder : given ? std::vector<std::string>{""} : text::split(path, ':')) {
        std::string found =
            given ? std::string(name) : (folder.empty() ? "." : folder) + '/' + std::string(name);
        while (found.starts_with("./")) found.erase(0, 2);
        if (found[0] != '/') found = cwd + '/' + found;
        struct stat st {};
        if (::stat(found.c_str(), &st) == 0 && S_ISREG(st.st_mode) && ::access(found.c_str(), X_OK) == 0)
            return found;
    }
    return {};
}

}  // namespace sigmund::ops
