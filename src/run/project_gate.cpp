// SPDX-License-Identifier: Apache-2.0
#include "run/project_gate.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "run/failure.hpp"
#include "run/file_names.hpp"
#include "run/folder_entries.hpp"
#include "run/shell_session.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"
#include "sys/procfs.hpp"
#include "text/words.hpp"

namespace sigmund::run {
namespace {

// ms, for another process that starts a run, and for one that is stopped meanwhile
constexpr sys::Millis patience = 60'000, patience_with_stopped = 1'000;
constexpr sys::Millis looks_at_holder = 50;  // ms, between two looks at the process that holds the lock
constexpr long closing_byte = 1L << 40;      // no process has this number
constexpr long holder_bytes = 1L << 41;      // the byte of who holds the lock is that many behind its number
constexpr long most_processes = 1L << 22;    // pid_max has this limit (proc(5))
constexpr sys::Millis unused_for = 24 * 3'600 * 1'000;  // ms, before prune removes a gate

}  // namespace

ProjectGate::ProjectGate(const Store& store, const std::string& project)
    : ProjectGate(store, ByFile{gate_file(project)}) {}

ProjectGate::ProjectGate(const Store& store, ByFile by)
    : dir_(store.dir_.get()), file_(std::move(by.file)), shown_(store.path_of(file_)) {
    if (::mkdirat(dir_, gates_folder, 0700) != 0 && errno != EEXIST)
        sys::fail(errno, "mkdir", store.path_of(gates_folder));
    first_ = count();
}

std::uint64_t ProjectGate::count() const {
    const sys::Fd fd = sys::open_own(dir_, file_.c_str(), O_RDONLY);
    std::string text;
    if (!fd || sys::read_all(fd.get(), text, 64) != 0) return 0;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text::whole_number<std::uint64_t>(text).value_or(0);
}

void ProjectGate::begin_work(int interrupt, const std::function<void()>& waits) {
    work_ = sys::open_or_create_own(dir_, file_.c_str(), O_RDWR);
    if (!work_) return;
    sys::mark_byte(work_.get(), ::getpid());
    const sys::Millis until = sys::monotonic_ms() + patience;
    pollfd stop{interrupt, POLLIN, 0};
    for (bool told = false; sys::is_marked(work_.get(), closing_byte); told = true) {
        if (!told && waits) waits();
        if (sys::monotonic_ms() >= until || ::poll(&stop, 1, 20) > 0) break;
        first_ = count();
    }
}

bool ProjectGate::is_at_work(const std::string& process) const {
    const auto who = parse_shell_id(process);
    const sys::Fd fd = sys::open_own(dir_, file_.c_str(), O_RDONLY);
    return who && fd && shell_alive(process) && sys::is_marked(fd.get(), who->pid);
}

// Returns the process that holds the lock, if it is stopped; else 0.
pid_t ProjectGate::stopped_holder(int fd) const {
    const long at = sys::first_mark(fd, holder_bytes, most_processes);
    if (at < 0) return 0;  // nobody, or an older version
    const auto pid = static_cast<pid_t>(at - holder_bytes);
    const auto stat = sys::Procfs().stat(pid);
    return stat && (stat->state == 'T' || stat->state == 't') ? pid : 0;
}

ProjectGate::Pass ProjectGate::pass(int interrupt) const {
    const sys::Millis began = sys::monotonic_ms();
    sys::Millis looked = began, stopped_since = -1;
    for (;;) {
        sys::Fd fd = sys::open_or_create_own(dir_, file_.c_str(), O_RDWR);
        if (!fd) sys::fail(errno, "open", shown_);
        if (sys::try_lock(fd.get(), sys::LockMode::exclusive) &&
            sys::still_named(fd.get(), dir_, file_.c_str())) {
            sys::mark_byte(fd.get(), holder_bytes + ::getpid());
            return {std::move(fd)};
        }
        const sys::Millis now = sys::monotonic_ms();
        if (now >= looked + looks_at_holder) {
            looked = now;
            const pid_t stopped = stopped_holder(fd.get());
            if (stopped == 0)
                stopped_since = -1;
            else if (stopped_since < 0)
                stopped_since = now;
            else if (now >= stopped_since + patience_with_stopped)
                return {{}, stopped};
        }
        if (now >= began + patience)
            throw Failure(Exit::not_started, "not_started",
                          "another sigmund up or down of this project does not finish a start",
                          "wait for it, or end it");
        pollfd stop{interrupt, POLLIN, 0};
        if (::poll(&stop, 1, 2) > 0) return {};
    }
}

sys::Fd ProjectGate::lock(int interrupt) const {
    Pass pass = this->pass(interrupt);
    if (pass.stopped != 0) {
        const std::string pid = std::to_string(pass.stopped);
        throw Failure(
            Exit::not_started, "not_started",
            "sigmund up (pid " + pid +
                ") is stopped in the middle of a start, and nothing else of this project starts before that",
            "continue it with `fg` or `kill -CONT " + pid + "`, or end it with `kill -KILL " + pid + '`');
    }
    return std::move(pass.lock);
}

sys::Fd ProjectGate::lock_or_pass_by() const {
    return pass(-1).lock;
}

bool ProjectGate::closed() const {
    return count() != first_ || (work_ && !sys::still_named(work_.get(), dir_, file_.c_str()));
}

void ProjectGate::close() {
    const sys::Fd locked = lock_or_pass_by();
    work_ = sys::open_own(dir_, file_.c_str(), O_RDWR);
    if (work_) sys::mark_byte(work_.get(), closing_byte);
    const std::string text = std::to_string(count() + 1) + '\n';
    if (::pwrite((locked ? locked : work_).get(), text.data(), text.size(), 0) ==
        static_cast<ssize_t>(text.size()))
        return;
    // There is no room for it. Who has the file open sees that it is gone.
    if (::unlinkat(dir_, file_.c_str(), 0) != 0) sys::fail(errno, "remove", shown_);
}

std::optional<ProjectGate> ProjectGate::close_if_used(const Store& store, const std::string& project) {
    if (::faccessat(store.dir_.get(), gate_file(project).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    std::optional<ProjectGate> gate(std::in_place, store, project);
    gate->close();
    return gate;
}

std::vector<ProjectGate> ProjectGate::close_all_used(const Store& store) {
    std::vector<std::string> used;
    each_entry(store.dir_.get(), gates_folder, [&](std::string_view entry) {
        if (entry.find('.') != std::string_view::npos) return;
        std::string file = std::string(gates_folder) + '/' + std::string(entry);
        const sys::Fd fd = sys::open_own(store.dir_.get(), file.c_str(), O_RDWR);
        if (fd && sys::has_marks(fd.get())) used.push_back(std::move(file));
    });
    std::vector<ProjectGate> out;
    for (std::string& file : used) {
        ProjectGate gate(store, ByFile{std::move(file)});
        gate.close();
        out.push_back(std::move(gate));
    }
    return out;
}

void ProjectGate::sweep(const Store& store) {
    const int dir = store.dir_.get();
    each_entry(dir, gates_folder, [&](std::string_view entry) {
        if (entry[0] == '.') return;
        const std::string file = std::string(gates_folder) + '/' + std::string(entry);
        const sys::Fd fd = sys::open_own(dir, file.c_str(), O_RDWR);
        struct stat st {};
        if (fd && ::fstat(fd.get(), &st) == 0 &&
            st.st_mtim.tv_sec * 1'000 + unused_for < sys::realtime_ms() &&
            sys::try_lock(fd.get(), sys::LockMode::exclusive) && !sys::has_marks(fd.get()) &&
            sys::still_named(fd.get(), dir, file.c_str()))
            ::unlinkat(dir, file.c_str(), 0);
    });
}

}  // namespace sigmund::run
