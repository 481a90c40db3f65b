// SPDX-License-Identifier: Apache-2.0
#include "sys/own_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace sigmund::sys;

namespace {

struct Folder {
    Folder() {
        char name[] = "/tmp/sgm-own.XXXXXX";
        path = ::mkdtemp(name);
        fd.reset(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string operator/(const char* name) const { return path + '/' + name; }
    std::string path;
    Fd fd;
};

int error_of(const Fd& fd) {
    return fd ? 0 : errno;
}

}  // namespace

TEST_CASE("only a regular file of this user is opened, and no opening waits") {
    const Folder folder;
    const int dir = folder.fd.get();
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    REQUIRE(::mkdir((folder / "folder").c_str(), 0700) == 0);
    REQUIRE(::symlink("plain", (folder / "link").c_str()) == 0);
    REQUIRE(create_own(dir, "plain", O_WRONLY));
    for (const int access : {O_RDONLY, O_WRONLY, O_WRONLY | O_APPEND, O_RDWR}) {
        CHECK(error_of(open_own(dir, "fifo", access)) == EINVAL);
        CHECK(error_of(open_own(dir, "folder", access)) == EISDIR);
        CHECK(error_of(open_own(dir, "link", access)) == ELOOP);
        CHECK(error_of(open_own(dir, "nothing", access)) == ENOENT);
        CHECK(error_of(open_own(dir, "plain", access)) == 0);
        CHECK(error_of(open_or_create_own(dir, "fifo", access)) == EINVAL);
        CHECK(error_of(open_own(AT_FDCWD, "/dev/null", access)) == EINVAL);
    }
    for (const char* taken : {"fifo", "folder", "link", "plain"})
        CHECK(error_of(create_own(dir, taken, O_WRONLY)) == EEXIST);
    CHECK(error_of(open_or_create_own(dir, "fresh", O_WRONLY)) == 0);
}

TEST_CASE("the flags for opening a file are removed, and the others stay") {
    const Folder folder;
    REQUIRE(create_own(folder.fd.get(), "log", O_WRONLY));
    const Fd fd = open_own(folder.fd.get(), "log", O_WRONLY | O_APPEND);
    REQUIRE(fd);
    const int flags = ::fcntl(fd.get(), F_GETFL);
    CHECK((flags & O_NONBLOCK) == 0);
    CHECK((flags & O_APPEND) != 0);
    CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a second name is refused for writing only where others can make names") {
    const Folder folder;
    REQUIRE(create_own(folder.fd.get(), "log", O_WRONLY));
    REQUIRE(::link((folder / "log").c_str(), (folder / "second").c_str()) == 0);
    CHECK(error_of(open_own(folder.fd.get(), "second", O_WRONLY)) == 0);
    REQUIRE(::chmod(folder.path.c_str(), 01777) == 0);
    CHECK(error_of(open_own(folder.fd.get(), "second", O_WRONLY)) == EMLINK);
    CHECK(error_of(open_own(AT_FDCWD, (folder / "second").c_str(), O_WRONLY)) == EMLINK);
    CHECK(error_of(open_own(folder.fd.get(), "second", O_RDONLY)) == 0);
}
