// SPDX-License-Identifier: Apache-2.0
#include "run/shell_marks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "run/folder_entries.hpp"
#include "run/id.hpp"
#include "run/shell_session.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {
namespace {

constexpr const char* orphans_file = "shells/.orphans";

}  // namespace

std::string ShellMarks::folder_of(const std::string& shell) {
    return std::string(shells_folder) + '/' + shell;
}

std::string ShellMarks::mark_of(const std::string& shell, const char* kind, const std::string& id) {
    return folder_of(shell) + '/' + kind + id;
}

int ShellMarks::make(const std::string& shell, const std::string& mark) const {
    const int dir = store_.dir_.get();
    // The notices of the shell remove its folder when it is empty, perhaps at this moment.
    for (int attempt = 0; attempt < 8; ++attempt) {
        ::mkdirat(dir, shells_folder, 0700);
        ::mkdirat(dir, folder_of(shell).c_str(), 0700);
        if (sys::open_or_create_own(dir, mark.c_str(), O_WRONLY)) return 0;
        if (errno != ENOENT) break;
    }
    return errno;
}

int ShellMarks::add(const std::string& shell, const std::string& id) const {
    return make(shell, mark_of(shell, live_mark, id));
}

void ShellMarks::ask(const std::string& shell) const {
    if (store_.present() && parse_shell_id(shell)) make(shell, mark_of(shell, ended_mark, question));
}

std::optional<sys::Millis> ShellMarks::asked_ms(const std::string& shell) const {
    struct stat st {};
    if (!store_.present() || !parse_shell_id(shell) ||
        ::fstatat(store_.dir_.get(), mark_of(shell, ended_mark, question).c_str(), &st,
                  AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    return st.st_mtim.tv_sec * 1000LL + st.st_mtim.tv_nsec / 1'000'000;
}

std::string ShellMarks::path_of(const std::string& shell, const std::string& id) const {
    return store_.path_of(mark_of(shell, live_mark, id));
}

void ShellMarks::end(const std::string& shell, const std::string& id) const noexcept {
    try {
        if (shell.empty()) return;
        ::renameat(store_.dir_.get(), mark_of(shell, live_mark, id).c_str(), store_.dir_.get(),
                   mark_of(shell, ended_mark, id).c_str());
    } catch (...) {  // out of memory: the shell is told nothing, and the mark is swept one day
    }
}

std::vector<std::string> ShellMarks::marked(const std::string& shell, std::string_view kind) const {
    std::vector<std::string> out;
    if (!store_.present() || !parse_shell_id(shell)) return out;
    each_entry(store_.dir_.get(), folder_of(shell).c_str(), [&](std::string_view name) {
        if (name.starts_with(kind) && is_id(name.substr(kind.size())))
            out.emplace_back(name.substr(kind.size()));
    });
    return out;
}

void ShellMarks::drop(const std::string& shell, const char* kind, const std::string& id) const noexcept {
    try {
        if (!parse_shell_id(shell)) return;
        ::unlinkat(store_.dir_.get(), mark_of(shell, kind, id).c_str(), 0);
        // This fails while the folder holds anything.
        ::unlinkat(store_.dir_.get(), folder_of(shell).c_str(), AT_REMOVEDIR);
    } catch (...) {  // out of memory: the mark is swept one day
    }
}

void ShellMarks::drop_live(const std::string& shell, const std::string& id) const noexcept {
    drop(shell, live_mark, id);
}

void ShellMarks::drop_ended(const std::string& shell, const std::string& id) const noexcept {
    drop(shell, ended_mark, id);
}

bool ShellMarks::may_go(const std::string& id, const std::optional<Judged>& run, const View& view) const {
    if (!run) return !store_.id_locked(id);
    if (!view.census().same_boot(run->record) || !view.census().same_pid_namespace(run->record)) return false;
    // A guardian that has just written the end still has to turn the mark into one of a run that has ended.
    if (is_final(run->record.state)) return !store_.id_locked(id);
    return !run->live() && !run->verdict.guardian_alive;
}

void ShellMarks::sweep_live(const std::string& shell, const std::string& id, const std::optional<Judged>& run,
                            const View& view) const {
    if (run && owner_of(run->record) != shell) {
        drop_live(shell, id);
        // This shell may just have adopted the run.
        Record now;
        if (store_.read(id, Depth::head, now) == Read::ok && owner_of(now) == shell && !is_final(now.state))
            (void)add(shell, id);
        return;
    }
    if (may_go(id, run, view)) drop_live(shell, id);
}

void ShellMarks::sweep_closed(const View& view) const {
    if (!store_.present()) return;
    std::vector<std::string> closed;
    each_entry(store_.dir_.get(), shells_folder, [&](std::string_view shell) {
        if (parse_shell_id(shell) && !shell_alive(shell)) closed.emplace_back(shell);
    });
    for (const std::string& shell : closed) {
        for (const std::string& id : live(shell)) sweep_live(shell, id, view.find(id), view);
        for (const std::string& id : ended(shell))
            if (may_go(id, view.find(id), view)) drop_ended(shell, id);
        for (const std::string& link : links(shell)) ::unlinkat(store_.dir_.get(), link.c_str(), 0);
        ::unlinkat(store_.dir_.get(), folder_of(shell).c_str(), AT_REMOVEDIR);
    }
}

std::string ShellMarks::told_orphans() const {
    const sys::Fd fd = sys::open_own(store_.dir_.get(), orphans_file, O_RDONLY);
    std::string told;
    if (fd && sys::read_all(fd.get(), told, 1024 * 1024) != 0) told.clear();
    return told;
}

void ShellMarks::write_told(const std::string& set) const {
    const std::string draft = std::string(orphans_file) + '.' + std::to_string(::getpid());
    sys::replace_file(store_.dir_.get(), orphans_file, draft.c_str(), set, sys::Durable::no);
}

void ShellMarks::forget_orphan(const std::string& id) const {
    std::string told = '\n' + told_orphans();
    const auto at = told.find('\n' + id + '\n');
    if (at != std::string::npos) write_told(told.erase(at, id.size() + 1).substr(1));
}

bool ShellMarks::remember_orphans(const std::vector<std::string>& ids) const {
    const std::string told = told_orphans();
    std::string set;
    bool news = false;
    for (const std::string& id : ids) {
        set += id + '\n';
        if (('\n' + told).find('\n' + id + '\n') == std::string::npos) news = true;
    }
    if (told == set) return false;
    write_told(set);
    return news;
}

}  // namespace sigmund::run
