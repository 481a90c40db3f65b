// SPDX-License-Identifier: Apache-2.0
#include "run/shell_stores.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <system_error>

#include "run/shell_marks.hpp"
#include "run/shell_session.hpp"

namespace sigmund::run {
namespace {

// Opens a store that this process was not told to use. It is absent when anything is wrong with it.
Store open_own(const std::string& path) {
    try {
        struct stat st {};
        // Opening a store of another user would change the rights of this process.
        if (::stat(path.c_str(), &st) == 0 && st.st_uid == ::geteuid()) return Store::open(path);
    } catch (const std::exception&) {
    }
    return Store::absent();
}

// Opens the store of the hook, and makes it when it is missing. A folder of which even the parent is missing was
// probably removed on purpose, unless it is the default store of a new user.
Store create_for_hook(const std::string& path) {
    const std::string parent = path.substr(0, path.rfind('/'));
    if (!path.ends_with("/.local/state/sigmund") && ::access(parent.c_str(), W_OK) != 0)
        return open_own(path);
    return Store::create(path);
}

}  // namespace

// An inner shell with an older hook inherits the variable of the outer one, which names the marks of that one.
std::string store_of_hook(const std::string& shell) {
    const char* folder = std::getenv("SIGMUND_SHELL_MARKS");
    const std::string path = folder ? folder : "", end = "/shells/" + shell;
    if (!path.starts_with('/') || !path.ends_with(end) || !parse_shell_id(shell)) return {};
    return path.substr(0, path.size() - end.size());
}

int show_to_hook(const Store& store, const std::string& shell) noexcept {
    try {
        const std::string path = store_of_hook(shell);
        if (path.empty() || path == store.path() || store.foreign()) return 0;
        const Store hook = create_for_hook(path);
        if (!hook.present()) return ENOENT;
        return hook.same_as(store) ? 0 : ShellMarks(hook).link(shell, store);
    } catch (const std::system_error& error) {
        return error.code().value();
    } catch (const std::exception&) {
        return EACCES;
    }
}

std::vector<Store> other_stores(const Store& here, const std::string& shell) {
    std::vector<Store> out;
    const std::string path = store_of_hook(shell);
    if (path.empty() || here.foreign()) return out;
    const auto add = [&](Store store) {
        const auto same = [&](const Store& known) { return known.same_as(store); };
        if (store.present() && !same(here) && std::none_of(out.begin(), out.end(), same))
            out.push_back(std::move(store));
    };
    Store hook = open_own(path);
    if (!hook.present()) return out;
    const std::vector<std::string> linked = ShellMarks(hook).linked(shell);
    add(std::move(hook));
    for (const std::string& other : linked) add(open_own(other));
    return out;
}

void drop_dead_links(const std::string& shell, const std::string& hook) noexcept {
    try {
        if (hook.empty()) return;
        const Store store = open_own(hook);
        if (store.present()) ShellMarks(store).linked(shell);
    } catch (const std::exception&) {  // out of memory: the links are removed another time
    }
}

void drop_dead_links(const std::string& shell) noexcept {
    try {
        drop_dead_links(shell, store_of_hook(shell));
    } catch (const std::exception&) {
    }
}

}  // namespace sigmund::run
