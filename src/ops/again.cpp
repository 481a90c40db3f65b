// SPDX-License-Identifier: Apache-2.0
#include "ops/again.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "run/options.hpp"
#include "run/path_hash.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

// Returns the file of a command as execvp(3) would find it from `cwd`; empty when there is none.
std::string find_command(const std::string& command, const std::string& cwd) {
    const auto from_cwd = [&](const std::string& path) {
        return path.starts_with('/') ? path : cwd + '/' + path;
    };
    if (command.find('/') != std::string::npos)
        return ::access(from_cwd(command).c_str(), X_OK) == 0 ? from_cwd(command) : "";
    const char* path = std::getenv("PATH");
    const std::string folders = path ? path : "/bin:/usr/bin";
    for (std::size_t at = 0;;) {
        const auto end = std::min(folders.find(':', at), folders.size());
        const std::string folder = folders.substr(at, end - at);
        std::string candidate = from_cwd((folder.empty() ? "." : folder) + '/' + command);
        struct stat st {};
        if (::stat(candidate.c_str(), &st) == 0 && S_ISREG(st.st_mode) &&
            ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
        if (end == folders.size()) return "";
        at = end + 1;
    }
}

}  // namespace

std::vector<std::string> differences(const run::Record& record, const run::Spec& spec) {
    std::vector<std::string> out;
    struct stat st {};
    if (::stat(spec.cwd.c_str(), &st) != 0)
        out.push_back("its folder " + spec.cwd + ": " + sys::describe_errno(errno));
    const std::string& command = spec.stages.empty() ? spec.argv[0] : spec.stages[0][0];
    const std::string path = find_command(command, spec.cwd);
    if (path.empty()) {
        out.push_back(command + " is not found any more");
    } else if (record.identity.exe.known() && ::stat(path.c_str(), &st) == 0) {
        // The executable of a script is its interpreter, so only the time of the script's file tells of a
        // change.
        const bool same = st.st_ino == record.identity.exe.ino && st.st_dev == record.identity.exe.dev;
        if (!same && static_cast<sys::Millis>(st.st_ctim.tv_sec) * 1000 > record.started_ms)
            out.push_back(path + " has changed since");
    }
    for (std::string& sentence : run::lost_options(spec)) out.push_back(std::move(sentence));
    if (spec.environment.path_hash != 0 && spec.environment.path_hash != run::path_hash())
        out.push_back("PATH is different from what it was then");
    return out;
}

}  // namespace sigmund::ops
