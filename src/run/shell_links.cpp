// SPDX-License-Identifier: Apache-2.0
// The links in the folder of a shell, which lead to its folders in other stores.
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "run/folder_entries.hpp"
#include "run/shell_marks.hpp"
#include "run/shell_session.hpp"

namespace sigmund::run {
namespace {

constexpr std::string_view link_prefix = "store.";

std::string target_of(int dir, const std::string& link) {
    char buffer[PATH_MAX];
    const ssize_t n = ::readlinkat(dir, link.c_str(), buffer, sizeof buffer);
    return n > 0 && n < PATH_MAX ? std::string(buffer, static_cast<std::size_t>(n)) : "";
}

}  // namespace

int ShellMarks::link(const std::string& shell, const Store& other) const {
    struct stat st {};
    if (::fstat(other.dir_.get(), &st) != 0) return errno;
    // The path is the one that the kernel knows, since the path of a store may lead through links.
    const std::string store = target_of(AT_FDCWD, "/proc/self/fd/" + std::to_string(other.dir_.get()));
    if (store.empty()) return ENAMETOOLONG;
    const std::string target = (store == "/" ? "" : store) + '/' + folder_of(shell);
    const std::string name = folder_of(shell) + '/' + std::string(link_prefix) + std::to_string(st.st_dev) +
                             '-' + std::to_string(st.st_ino);
    const int dir = store_.dir_.get();
    // The folder is removed when it is empty, and a link when it leads to nothing, perhaps at this moment.
    for (int attempt = 0; attempt < 8; ++attempt) {
        ::mkdirat(dir, shells_folder, 0700);
        ::mkdirat(dir, folder_of(shell).c_str(), 0700);
        if (::symlinkat(target.c_str(), dir, name.c_str()) == 0) return 0;
        if (errno == EEXIST && target_of(dir, name) == target) return 0;
        if (errno == EEXIST)
            ::unlinkat(dir, name.c_str(), 0);  // another store had this inode once
        else if (errno != ENOENT)
            break;
    }
    return errno;
}

// Returns the paths of the links, relative to the store.
std::vector<std::string> ShellMarks::links(const std::string& shell) const {
    std::vector<std::string> out;
    if (!store_.present() || !parse_shell_id(shell)) return out;
    each_entry(store_.dir_.get(), folder_of(shell).c_str(), [&](std::string_view name) {
        if (name.starts_with(link_prefix)) out.push_back(folder_of(shell) + '/' + std::string(name));
    });
    return out;
}

std::vector<std::string> ShellMarks::linked(const std::string& shell) const {
    std::vector<std::string> out;
    const int dir = store_.dir_.get();
    const std::string end = '/' + folder_of(shell);
    for (const std::string& link : links(shell)) {
        const std::string target = target_of(dir, link);
        const bool ours = target.starts_with('/') && target.ends_with(end);
        const auto leads_to_folder = [&] {
            struct stat st {};
            return ::stat(target.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
        };
        if (ours && !leads_to_folder()) {
            ::unlinkat(dir, link.c_str(), 0);
            // A start may have made the folder in between, and have found the link in its place.
            if (leads_to_folder()) (void)!::symlinkat(target.c_str(), dir, link.c_str());
        }
        if (ours && leads_to_folder())
            out.push_back(target.size() > end.size() ? target.substr(0, target.size() - end.size()) : "/");
    }
    // This fails while the folder holds anything.
    if (store_.present() && parse_shell_id(shell)) ::unlinkat(dir, folder_of(shell).c_str(), AT_REMOVEDIR);
    return out;
}

}  // namespace sigmund::run
