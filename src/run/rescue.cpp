// SPDX-License-Identifier: Apache-2.0
#include "run/rescue.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "run/id.hpp"
#include "run/protocol.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/rights.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::run {
namespace {

constexpr std::string_view title_begin = "sigmund: ";

std::optional<LivingGuardian> guardian_titled(const sys::Procfs& proc, pid_t pid) {
    // The title overwrites the command line, whose remaining bytes are NUL.
    const sys::Fd fd(::open(("/proc/" + std::to_string(pid) + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC));
    char title[256];
    const ssize_t n = fd ? ::read(fd.get(), title, sizeof title) : -1;
    if (n <= 0) return std::nullopt;
    std::string_view text(title, static_cast<std::size_t>(n));
    text = text.substr(0, text.find('\0'));
    if (!text.starts_with(title_begin)) return std::nullopt;
    text.remove_prefix(title_begin.size());
    LivingGuardian out;
    out.pid = pid;
    const auto blank = std::min(text.find(' '), text.size());
    out.id = text.substr(0, blank);
    out.name = text.substr(std::min(blank + 1, text.size()));
    if (!is_id(out.id)) return std::nullopt;
    const auto uid = proc.status_field(pid, "Uid");
    const auto stat = proc.stat(pid);
    if (!uid || !stat || stat->dead() ||
        std::strtoul(uid->c_str(), nullptr, 10) != sys::accessing_files_as().value_or(::geteuid()))
        return std::nullopt;
    return out;
}

// Tells the guardian to check its files, and returns whether it was told.
bool tell_to_look(const LivingGuardian& guardian) {
    const sys::Fd pidfd = sys::open_pidfd(guardian.pid);
    const auto again = guardian_titled(sys::Procfs(), guardian.pid);
    return pidfd && again && again->id == guardian.id &&
           sys::send_signal_with(pidfd.get(), look_again_signal, look_again_value) == 0;
}

// A guardian older than 0.2 does not know such a request. It writes its record when it is told the name that
// it has.
void make_older_guardian_write(const Store& store, const std::string& id, int fd, sys::Millis until) {
    const std::string name = store.shared_name_held_by(id);
    if (name.empty())
        for (const LivingGuardian& guardian : living_guardians())
            if (guardian.id == id && !guardian.name.empty())
                return;  // it may have this name and must not lose it
    const Request set{.kind = Request::Kind::set, .field = Field::name, .value = name};
    if (send(fd, set) == 0) (void)receive_answer(fd, until);
}

}  // namespace

sys::Fd connect_guardian(const Store& store, const std::string& id, sys::Millis until) {
    const auto reach = [&] { return store.connect(id, until - sys::monotonic_ms()); };
    sys::Fd fd = reach();
    // A guardian whose lock is free is dead. EAGAIN means that too many clients wait at its socket, so that
    // the time ran out.
    if (fd || errno == EAGAIN || store.lock_of(id) == Store::Lock::free) return fd;
    bool told = false;
    for (const LivingGuardian& guardian : living_guardians())
        if (guardian.id == id) told = tell_to_look(guardian) || told;
    while (told && !fd && sys::monotonic_ms() < until) {
        ::usleep(2'000);
        fd = reach();
    }
    return fd;
}

bool guardian_may_live(const Store& store, const std::string& id) {
    return store.lock_of(id) == Store::Lock::held || store.stamp(id, File::socket);
}

bool ask_guardian(const Store& store, const std::string& id, Depth depth, Record& record) {
    if (!guardian_may_live(store, id)) return false;
    const sys::Millis until = sys::monotonic_ms() + hello_patience;
    const sys::Fd fd = connect_guardian(store, id, until);
    // A start searches the store while it listens on the socket of its own run, which has no guardian yet. It
    // would wait for an answer from itself.
    if (const auto peer = fd ? sys::peer_of(fd.get()) : std::nullopt; peer && peer->pid == ::getpid())
        return false;
    if (!fd || send(fd.get(), {.kind = Request::Kind::hello}) != 0) return false;
    const auto hello = receive_answer(fd.get(), until);
    if (!hello || hello->kind != Answer::Kind::hello) return false;
    if (Record written; store.read(id, depth, written) == Read::ok) {
        record = std::move(written);
        return true;
    }
    // The guardian could not write the record (a full disk), but it still has it.
    sys::Fd file;
    if (send(fd.get(), {.kind = Request::Kind::record}) != 0) return false;
    const auto answer = receive_answer(fd.get(), until, &file);
    std::string text;
    if (answer && file && ::lseek(file.get(), 0, SEEK_SET) == 0 &&
        sys::read_all(file.get(), text, record_limit) == 0) {
        auto parsed = parse_record(text, id, depth);
        if (!parsed) return false;
        record = std::move(*parsed);
        return true;
    }
    make_older_guardian_write(store, id, fd.get(), until);
    return store.read(id, depth, record) == Read::ok;
}

std::vector<LivingGuardian> living_guardians() {
    std::vector<LivingGuardian> out;
    const sys::Procfs proc;
    for (const pid_t pid : proc.processes())
        if (auto guardian = guardian_titled(proc, pid)) out.push_back(std::move(*guardian));
    return out;
}

std::optional<std::string> recall_guardian(const Store& store, const std::string& word) {
    if (!store.present()) return std::nullopt;
    for (const LivingGuardian& guardian : living_guardians()) {
        const bool meant = guardian.name == word || (is_id_prefix(word) && guardian.id.starts_with(word));
        // A guardian whose record is here is not lost: its run has another name now.
        if (!meant || store.stamp(guardian.id, File::record) || !tell_to_look(guardian)) continue;
        const sys::Millis until = sys::monotonic_ms() + hello_patience / 4;  // it may be of another store
        Record record;
        while (sys::monotonic_ms() < until) {
            if (store.read(guardian.id, Depth::head, record) == Read::ok) return guardian.id;
            ::usleep(2'000);
        }
    }
    return std::nullopt;
}

std::optional<Failure> damaged_but_alive(const Store& store, const std::string& id) {
    std::string guardians, processes;
    for (const LivingGuardian& guardian : living_guardians())
        if (guardian.id == id) guardians += ' ' + std::to_string(guardian.pid);
    if (!guardians.empty() || store.id_locked(id))
        return Failure(
            Exit::refused, "refused", "the record of " + id + " is damaged, and its guardian does not answer",
            guardians.empty() ? "sigmund doctor"
                              : "kill -CONT" + guardians + " wakes it if it is stopped; sigmund stop " + id +
                                    " then ends it",
            id);
    const sys::Procfs proc;
    for (const pid_t pid : proc.processes())
        if (proc.environment_value(pid, "SIGMUND_RUN") == id) processes += ' ' + std::to_string(pid);
    if (processes.empty()) return std::nullopt;
    return Failure(Exit::refused, "refused",
                   "the record of " + id +
                       " is damaged and its guardian is gone, but these processes claim to "
                       "belong to it:" +
                       processes,
                   "nothing proves it, so they are not signalled: ps -f" + processes + " shows what they are",
                   id);
}

}  // namespace sigmund::run
