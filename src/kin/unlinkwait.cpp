// SPDX-License-Identifier: Apache-2.0
// An O_PATH descriptor holds the file, so that this file, and not a later one with the same name, is checked
// (and so that opening a FIFO cannot block). inotify reports changes of its link count (IN_ATTRIB), and the
// tool sleeps in between. Only when the limits of inotify are reached are the links counted at intervals.
#include "kin/unlinkwait.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "kin/say.hpp"
#include "sys/error.hpp"
#include "sys/fd.hpp"
#include "sys/inotify.hpp"
#include "sys/refused_call.hpp"
#include "version.hpp"

namespace sigmund::kin {
namespace {

constexpr char help[] =
    R"(Usage: unlinkwait [--] PATH
Wait until the file at PATH has no links left: until it has been removed under
all its names. A file that is not there has none. Renaming it does not count.

Exit status: 0 when the file has no links left, 1 on errors.

)";

using sys::check;

std::string descriptor_path(const sys::Fd& fd) {
    return "/proc/self/fd/" + std::to_string(fd.get());
}

bool has_links(const sys::Fd& file) {
    struct stat status;
    check(fstat(file.get(), &status), "fstat");
    return status.st_nlink > 0;
}

bool is_directory(const sys::Fd& file) {
    struct stat status;
    check(fstat(file.get(), &status), "fstat");
    return S_ISDIR(status.st_mode);
}

// Returns whether this error means that a limit of inotify is reached, which other programs may have used up.
bool out_of(int error) {
    return error == ENOSPC || error == EMFILE || error == ENFILE || error == ENOMEM ||
           sys::is_refused_call(error);
}

constexpr int no_watch_left = -2;

// Counts the links a few times a second, where inotify cannot be used.
void look_until_unlinked(const sys::Fd& file) {
    while (has_links(file)) usleep(sys::look_again_ms * 1000);
}

// inotify does not report the removal of a directory while a process (such as this one) holds it open, but it
// does for the parent. Returns the parent's watch. A removed directory has no "..", which is no error: its
// links are counted next.
int watch_parent(const sys::Fd& inotify, const sys::Fd& directory) {
    const sys::Fd parent(openat(directory.get(), "..", O_PATH | O_CLOEXEC));
    if (!parent && errno == ENOENT) return -1;
    check(parent.get(), "open ..");
    const int watch =
        inotify_add_watch(inotify.get(), descriptor_path(parent).c_str(), IN_DELETE | IN_MOVED_FROM);
    if (watch < 0 && out_of(errno)) return no_watch_left;
    return check(watch, "inotify_add_watch ..");
}

// Waits for the next events. Returns whether the directory was moved, so that it may have another parent now.
bool await_events(const sys::Fd& inotify, int self) {
    alignas(inotify_event) char buffer[sizeof(inotify_event) + NAME_MAX + 1];
    ssize_t got;
    do got = read(inotify.get(), buffer, sizeof buffer);
    while (got < 0 && errno == EINTR);
    check(got, "read", "inotify");
    bool moved = false;
    for (const char* at = buffer; at < buffer + got;) {
        const auto* event = reinterpret_cast<const inotify_event*>(at);
        if (event->wd == self && (event->mask & IN_UNMOUNT) != 0)
            sys::fail(ESTALE, "the file system was unmounted");
        if (event->wd == self && (event->mask & IN_MOVE_SELF) != 0) moved = true;
        at += sizeof *event + event->len;
    }
    return moved;
}

// Waits until the file has no links. Throws std::system_error.
void wait_until_unlinked(const char* path) {
    const sys::Fd file(open(path, O_PATH | O_CLOEXEC));
    if (!file && errno == ENOENT && *path != '\0') return;
    check(file.get(), "open", path);
    if (!has_links(file)) return;
    const sys::Fd inotify(inotify_init1(IN_CLOEXEC));
    if (!inotify && out_of(errno)) return look_until_unlinked(file);
    check(inotify.get(), "inotify_init1");
    const bool directory = is_directory(file);
    const int self = inotify_add_watch(inotify.get(), descriptor_path(file).c_str(),
                                       IN_ATTRIB | IN_DELETE_SELF | (directory ? IN_MOVE_SELF : 0));
    if (self < 0 && out_of(errno)) return look_until_unlinked(file);
    check(self, "inotify_add_watch", path);
    int parent = directory ? watch_parent(inotify, file) : -1;
    if (parent == no_watch_left) return look_until_unlinked(file);
    // The links are counted after each new watch: a removal before it is seen here, and a later one is
    // reported.
    while (has_links(file)) {
        if (!await_events(inotify, self)) continue;
        if (parent >= 0) inotify_rm_watch(inotify.get(), parent);
        parent = watch_parent(inotify, file);
        if (parent == no_watch_left) return look_until_unlinked(file);
    }
}

}  // namespace

int unlinkwait_main(int argc, char** argv) {
    const std::string_view first = argc > 1 ? argv[1] : "";
    const ToolOption* known = argc == 2 ? find_option(unlinkwait_options, first) : nullptr;
    const std::string_view asked = known ? known->name : "";
    if (asked == "help") return answer(help + option_lines(unlinkwait_options)) == 0 ? 0 : 1;
    if (asked == "version") return answer("unlinkwait " SIGMUND_VERSION "\n") == 0 ? 0 : 1;
    // A mistyped option would be a path that does not exist, and would look like a removed file.
    const bool unknown = !find_option(unlinkwait_options, first);
    if (unknown && first.size() > 1 && first[0] == '-' && first != "--") {
        say("unlinkwait", "unknown option " + std::string(first) + "; after -- it is taken as a path");
        return 1;
    }
    const int at = argc > 1 && first == "--" ? 2 : 1;
    if (argc != at + 1) {
        say("unlinkwait", "expected one path; see unlinkwait --help");
        return 1;
    }
    try {
        wait_until_unlinked(argv[at]);
        return 0;
    } catch (const std::exception& error) {
        say("unlinkwait", error.what());
        return 1;
    }
}

}  // namespace sigmund::kin
