// SPDX-License-Identifier: Apache-2.0
#include "ops/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "text/env_file.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

constexpr std::size_t largest_file = 1024 * 1024;
constexpr long pipefs_magic = 0x50495045;

bool names(const std::string& entry, const std::string& name) {
    return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

[[noreturn]] void unreadable(const std::string& path, const std::string& why, const std::string& hint = {}) {
    throw Failure(Exit::not_started, "not_started", "cannot read environment file " + path + ": " + why,
                  hint);
}

// Reads a file, or an unnamed pipe (the <(...) of a shell), which always has a writer. A FIFO is refused,
// since it might block forever.
std::string read_file(const std::string& path) {
    const sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat st {};
    struct statfs fs {};
    if (!fd || ::fstat(fd.get(), &st) != 0) {
        const int error = errno;
        unreadable(path, error == ENXIO ? "it is a socket" : sys::describe_errno(error));
    }
    if (S_ISDIR(st.st_mode)) unreadable(path, "it is a folder");
    if (S_ISFIFO(st.st_mode)) {
        if (::fstatfs(fd.get(), &fs) != 0 || static_cast<long>(fs.f_type) != pipefs_magic)
            unreadable(path, "it is a FIFO", "write it into a file first");
        ::fcntl(fd.get(), F_SETFL, 0);
    }
    std::string content;
    const int error = sys::read_all(fd.get(), content, largest_file);
    if (error == EFBIG) unreadable(path, "it is larger than 1 MiB");
    if (error != 0) unreadable(path, sys::describe_errno(error));
    return content;
}

void read_environment_file(const std::string& path, std::vector<std::string>& out) {
    const text::EnvFile file = text::parse_env_file(read_file(path));
    if (file.bad_line != 0)
        throw Failure(Exit::not_started, "usage",
                      path + ":" + std::to_string(file.bad_line) + ": " + file.problem,
                      "the syntax is in sigmund-run(1), \"Environment files\"");
    for (const text::EnvEntry& entry : file.entries) {
        const char* const own = entry.value ? entry.value->c_str() : std::getenv(entry.name.c_str());
        if (own) out.push_back(entry.name + '=' + own);
    }
}

}  // namespace

std::vector<std::string> own_assignments(const run::Environment& environment) {
    std::vector<std::string> out;
    for (const std::string& file : environment.files) read_environment_file(file, out);
    out.insert(out.end(), environment.set.begin(), environment.set.end());
    return out;
}

std::vector<std::string> build_environment(const run::Environment& environment,
                                           const std::vector<std::string>& assignments) {
    std::vector<std::string> out;
    out.reserve(64);  // the guardian keeps this list: outgrown ones would leave holes in its heap
    static constexpr std::string_view clean_names[] = {"PATH", "HOME", "USER", "LANG", "TERM"};
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('='));
        if (name == "NOTIFY_SOCKET")
            continue;  // this socket belongs to the supervisor of the caller, not to the run
        if (environment.clean &&
            std::find(std::begin(clean_names), std::end(clean_names), name) == std::end(clean_names))
            continue;
        if (std::find(environment.unset.begin(), environment.unset.end(), name) != environment.unset.end())
            continue;
        out.emplace_back(text);
    }
    for (const std::string& assignment : assignments) {
        const std::string name = assignment.substr(0, assignment.find('='));
        std::erase_if(out, [&](const std::string& entry) { return names(entry, name); });
        out.push_back(assignment);
    }
    return out;
}

std::string environment_file(const std::string& path) {
    return read_file(path);
}

}  // namespace sigmund::ops
