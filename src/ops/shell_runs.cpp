// SPDX-License-Identifier: Apache-2.0
#include "ops/shell_runs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "ops/edit.hpp"
#include "ops/shell_session.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "run/verdict.hpp"
#include "sys/file.hpp"
#include "sys/own_file.hpp"
#include "sys/procfs.hpp"

namespace sigmund::ops {
namespace {

std::string folder_of(const std::string& shell) {
    return "shells/" + shell;
}

std::vector<std::string> names_in(const run::Store& store, const std::string& folder) {
    std::vector<std::string> out;
    if (!store.present()) return out;
    const int fd = ::openat(store.dir(), folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return out;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd), ::closedir);
    if (!dir) {
        ::close(fd);
        return out;
    }
    while (const dirent* entry = ::readdir(dir.get())) out.emplace_back(entry->d_name);
    return out;
}

// The ids marked with `kind` ("run." or "done.").
std::vector<std::string> marked(const run::Store& store, const std::string& shell, std::string_view kind) {
    std::vector<std::string> out;
    if (!parse_shell_id(shell)) return out;
    for (const std::string& name : names_in(store, folder_of(shell)))
        if (name.starts_with(kind) && run::is_id(std::string_view(name).substr(kind.size())))
            out.push_back(name.substr(kind.size()));
    return out;
}

void remove_mark(const run::Store& store, const std::string& shell, const std::string& mark) {
    ::unlinkat(store.dir(), (folder_of(shell) + '/' + mark).c_str(), 0);
}

void remove_folder_if_empty(const run::Store& store, const std::string& shell) {
    if (!parse_shell_id(shell) || !marked(store, shell, "run.").empty() ||
        !marked(store, shell, "done.").empty())
        return;
    ::unlinkat(store.dir(), folder_of(shell).c_str(), AT_REMOVEDIR);
}

void by_age(std::vector<run::Record>& records) {
    std::sort(records.begin(), records.end(), [](const run::Record& a, const run::Record& b) {
        return a.started_ms != b.started_ms ? a.started_ms < b.started_ms : a.id < b.id;
    });
}

}  // namespace

std::vector<run::Record> live_runs_of_shell(const run::Store& store, const std::string& shell) {
    std::vector<run::Record> out;
    const run::Census census;
    for (const std::string& id : marked(store, shell, "run.")) {
        run::Record record;
        const bool known = store.load(id, run::Depth::full, record) == run::Read::ok;
        if (known && record.shell == shell && !record.keep && run::verdict_of(record, store, census).live())
            out.push_back(std::move(record));
        else if (!store.id_locked(id))  // a start may be under way: its record is not written yet
            remove_mark(store, shell, "run." + id);
    }
    by_age(out);
    return out;
}

std::vector<run::Record> take_ended_runs(const run::Store& store, const std::string& shell) {
    std::vector<run::Record> out;
    for (const std::string& id : marked(store, shell, "done.")) {
        run::Record record;
        if (store.load(id, run::Depth::full, record) == run::Read::ok && record.shell == shell)
            out.push_back(std::move(record));
        remove_mark(store, shell, "done." + id);
    }
    remove_folder_if_empty(store, shell);
    by_age(out);
    return out;
}

void forget_notice(const run::Store& store, const run::Record& record) {
    if (!record.shell.empty() && record.shell == current_shell()) drop_notice(store, record);
}

void drop_notice(const run::Store& store, const run::Record& record) {
    remove_mark(store, record.shell, "done." + record.id);
    remove_folder_if_empty(store, record.shell);
}

void sweep_closed_shells(const run::Store& store) {
    const run::Census census;
    const auto needed = [&](const std::string& id, bool ended) {
        run::Record record;
        if (store.load(id, run::Depth::full, record) != run::Read::ok) return store.id_locked(id);
        // Of another machine or PID namespace: whether its shell lives cannot be seen from here.
        const bool elsewhere =
            census.same_boot(record) ? !census.same_pid_namespace(record) : record.host != sys::host_name();
        return elsewhere || (!ended && run::verdict_of(record, store, census).live());
    };
    for (const std::string& shell : names_in(store, "shells")) {
        if (!parse_shell_id(shell) || shell_alive(shell)) continue;
        for (const std::string& id : marked(store, shell, "run."))
            if (!needed(id, false)) remove_mark(store, shell, "run." + id);
        for (const std::string& id : marked(store, shell, "done."))
            if (!needed(id, true)) remove_mark(store, shell, "done." + id);
        remove_folder_if_empty(store, shell);
    }
}

void release_from_shell(const run::Store& store, const run::Record& record) {
    try {
        leave_shell(store, record);
    } catch (const run::Failure&) {
        // It has ended just now, or its guardian is frozen: then it will show as an orphan.
    }
    remove_mark(store, record.shell, "run." + record.id);
    remove_folder_if_empty(store, record.shell);
}

std::vector<run::Record> orphaned_runs(const run::Store& store) {
    std::vector<run::Record> out;
    const run::Census census;
    for (run::Record& record : store.list(run::Depth::head)) {
        if (record.shell.empty() || record.keep || run::is_final(record.state) || shell_alive(record.shell))
            continue;
        if (run::verdict_of(record, store, census).live()) out.push_back(std::move(record));
    }
    by_age(out);
    return out;
}

bool orphans_are_news(const run::Store& store, const std::vector<run::Record>& orphans) {
    std::string set;
    for (const run::Record& record : orphans) set += record.id + '\n';
    const sys::Fd fd = sys::open_own(store.dir(), "shells/.orphans", O_RDONLY);
    std::string told;
    if (fd && sys::read_all(fd.get(), told, 1024 * 1024) == 0 && told == set) return false;
    sys::replace_file(store.dir(), "shells/.orphans",
                      ("shells/.orphans." + std::to_string(::getpid())).c_str(), set, sys::Durable::no);
    return true;
}

}  // namespace sigmund::ops
