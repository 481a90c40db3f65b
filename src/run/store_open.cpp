// SPDX-License-Identifier: Apache-2.0
// How the folder of a store is found, opened and made.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "run/failure.hpp"
#include "run/foreign_store.hpp"
#include "run/store.hpp"
#include "sys/error.hpp"
#include "sys/rights.hpp"

namespace sigmund::run {
namespace {

std::string absolute(std::string path) {
    if (!path.empty() && path[0] == '/') return path;
    char here[PATH_MAX];
    if (!::getcwd(here, sizeof here)) sys::fail(errno, "getcwd");
    return std::string(here) + '/' + path;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why, const std::string& hint) {
    throw Failure(Exit::usage, "store", "store " + path + ": " + why, hint);
}

void check_owner(const std::string& path, const struct stat& st) {
    if (st.st_uid != ::geteuid())
        refuse(path,
               "belongs to uid " + std::to_string(st.st_uid) + ", you are uid " + std::to_string(::geteuid()),
               "with sudo and a kept HOME, use `sudo -H`, or set SIGMUND_STATE_DIR to a folder of your own; "
               "root may name another user's store by SIGMUND_STATE_DIR, to act on the runs in it");
    if ((st.st_mode & 022) != 0) refuse(path, "is writable by others", "chmod 700 " + path);
}

void check_owner(const std::string& path, int dir) {
    struct stat st {};
    sys::check(::fstat(dir, &st), "stat", path);
    check_owner(path, st);
}

// Throws the reason why an existing folder cannot be opened. If it is closed to this user because it belongs
// to another one, that is the reason to give.
[[noreturn]] void cannot_open(const std::string& path, int error) {
    if (error == ENOTDIR)
        refuse(path, "is not a folder", "set SIGMUND_STATE_DIR to a folder of your own, or move it away");
    struct stat st {};
    if (error == EACCES && ::stat(path.c_str(), &st) == 0) check_owner(path, st);
    sys::fail(error, "open store", path);
}

// Makes a folder with its parents, mode 0700. A parent that exists and is read-only does not matter.
void make_folder(const std::string& path) {
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
            const int error = errno;
            if (::access(part.c_str(), X_OK) != 0)
                throw Failure(Exit::not_started, "store",
                              "cannot make the store: mkdir " + part + ": " + sys::describe_errno(error),
                              "set SIGMUND_STATE_DIR to a folder you can write to");
        }
        if (at == std::string::npos) return;
    }
}

}  // namespace

std::string Store::default_path() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string(text ? text : "");
    };
    if (const std::string own = value("SIGMUND_STATE_DIR"); !own.empty()) return absolute(own);
    // A relative XDG path is invalid and ignored (XDG Base Directory Specification).
    if (const std::string xdg = value("XDG_STATE_HOME"); xdg.starts_with('/')) return xdg + "/sigmund";
    if (const std::string home = value("HOME"); !home.empty())
        return absolute(home) + "/.local/state/sigmund";
    throw Failure(Exit::usage, "store", "no place for the store: HOME is not set",
                  "set HOME, XDG_STATE_HOME or SIGMUND_STATE_DIR");
}

Store Store::open(const std::string& path) {
    const bool guest = root_names_store();
    sys::Fd dir = guest ? open_without_foreign_links(path)
                        : sys::Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir) {
        if (errno == ENOENT) return {path, sys::Fd(), ::geteuid()};
        if (guest && errno == ELOOP)
            refuse(path, "its path leads through a symbolic link that is not root's",
                   "name the folder itself: SIGMUND_STATE_DIR=$(readlink -f ...)");
        cannot_open(path, errno);
    }
    struct stat st {};
    sys::check(::fstat(dir.get(), &st), "stat", path);
    if (!guest || st.st_uid == ::geteuid() || (st.st_mode & 022) != 0)
        check_owner(path, st);
    else
        sys::access_files_as(st.st_uid, st.st_gid);
    return {path, std::move(dir), st.st_uid};
}

Store Store::create(const std::string& path) {
    sys::Fd dir(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir && errno == ENOENT) {
        make_folder(path);
        dir.reset(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    if (!dir) cannot_open(path, errno);
    check_owner(path, dir.get());
    return {path, std::move(dir), ::geteuid()};
}

bool Store::same_as(const Store& other) const noexcept {
    struct stat one {
    }, two{};
    return ::fstat(dir_.get(), &one) == 0 && ::fstat(other.dir_.get(), &two) == 0 &&
           one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool Store::removed() const noexcept {
    struct stat folder {};
    return ::fstat(dir_.get(), &folder) == 0 && folder.st_nlink == 0;
}

}  // namespace sigmund::run
