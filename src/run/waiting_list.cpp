// SPDX-License-Identifier: Apache-2.0
#include "run/waiting_list.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>

#include "run/failure.hpp"
#include "run/file_names.hpp"
#include "run/folder_entries.hpp"
#include "run/project_gate.hpp"
#include "run/shell_session.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"
#include "text/words.hpp"

namespace sigmund::run {
namespace {

constexpr char waits_sign = 'w', other_sign = '-', struck_sign = 'x';
constexpr std::size_t longest_list = 4 * 1024 * 1024;  // bytes

// The list of an `up` that lives.
struct Found {
    std::string gate;  // the file of its gate
    ShellId who;
    sys::Fd fd;
};

// Removes the lists of those that have ended, and returns the others.
std::vector<Found> living_lists(int dir) {
    std::vector<Found> out;
    each_entry(dir, gates_folder, [&](std::string_view entry) {
        const auto dot = entry.find('.');
        if (dot == 0 || dot == std::string_view::npos) return;
        const std::string process(entry.substr(dot + 1));
        const auto who = parse_shell_id(process);
        const std::string file = std::string(gates_folder) + '/' + std::string(entry);
        sys::Fd fd = who ? sys::open_own(dir, file.c_str(), O_RDWR) : sys::Fd();
        if (!fd) return;
        if (!sys::try_lock(fd.get(), sys::LockMode::exclusive)) {
            if (shell_alive(process))
                out.push_back({file.substr(0, file.size() - process.size() - 1), *who, std::move(fd)});
        } else if (sys::still_named(fd.get(), dir, file.c_str())) {
            ::unlinkat(dir, file.c_str(), 0);
        }
    });
    return out;
}

bool is_name_of(const std::string& word) {
    return word.find('=') == std::string::npos;
}

void each_meant_in(const Found& list, const std::vector<std::string>& words, const WaitingList::Use& use) {
    std::string text;
    if (::lseek(list.fd.get(), 0, SEEK_SET) == 0 && sys::read_all(list.fd.get(), text, longest_list) == 0)
        WaitingList::each_meant(text, words, use);
}

}  // namespace

void WaitingList::each_meant(std::string_view text, const std::vector<std::string>& words, const Use& use) {
    for (std::size_t at = 0; at + 2 < text.size();) {
        const std::size_t end = std::max(at + 2, std::min(text.find('\n', at), text.size()));
        const std::vector<std::string> own = text::split(text.substr(at + 2, end - at - 2), ' ');
        const bool meant = std::any_of(own.begin(), own.end(), [&](const std::string& each) {
            return std::find(words.begin(), words.end(), each) != words.end();
        });
        if (meant && text[at] == waits_sign) use(own[0], static_cast<off_t>(at + 1));
        at = end + 1;
    }
}

WaitingList::~WaitingList() {
    if (file_fd_ && sys::still_named(file_fd_.get(), dir_, file_.c_str())) ::unlinkat(dir_, file_.c_str(), 0);
}

void WaitingList::make(const Store& store, const std::string& project, const std::string& self,
                       const std::vector<Entry>& entries) {
    dir_ = store.dir_.get();
    file_ = gate_file(project) + '.' + self;
    (void)living_lists(dir_);
    std::string text;
    for (const Entry& each : entries) {
        at_.push_back(text.size());
        text += {each.waits ? waits_sign : other_sign, '.'};
        text += text::join(each.words, " ") + '\n';
    }
    do {
        file_fd_ = sys::open_or_create_own(dir_, file_.c_str(), O_RDWR);
        if (!file_fd_ || !sys::try_lock(file_fd_.get(), sys::LockMode::exclusive)) {
            error_ = file_fd_ ? EBUSY : errno;
            file_fd_.reset();
            return;
        }
    } while (!sys::still_named(file_fd_.get(), dir_, file_.c_str()));
    const ssize_t written = ::pwrite(file_fd_.get(), text.data(), text.size(), 0);
    if (written != static_cast<ssize_t>(text.size())) {
        error_ = written < 0 ? errno : ENOSPC;
        ::unlinkat(dir_, file_.c_str(), 0);
        file_fd_.reset();
        return;
    }
    notes_ = sys::open_inotify();
    if (sys::add_watch(notes_, "/proc/self/fd/" + std::to_string(file_fd_.get()), IN_MODIFY) < 0)
        notes_.reset();
}

void WaitingList::require() const {
    if (error_ != 0) sys::fail(error_, "write", file_);
}

void WaitingList::set_waits(std::size_t entry, bool waits) {
    if (file_fd_)
        (void)!::pwrite(file_fd_.get(), waits ? &waits_sign : &other_sign, 1, static_cast<off_t>(at_[entry]));
}

bool WaitingList::is_struck(std::size_t entry) const {
    char sign = 0;
    return file_fd_ && ::pread(file_fd_.get(), &sign, 1, static_cast<off_t>(at_[entry] + 1)) == 1 &&
           sign == struck_sign;
}

void WaitingList::drain() const {
    if (notes_) sys::drain(notes_);
}

std::vector<WaitingList::Struck> WaitingList::strike(const Store& store, const std::string& project,
                                                     const std::vector<std::string>& words) {
    const int dir = store.dir_.get();
    const std::string own = gate_file(project);
    std::map<std::string, sys::Fd> locks;
    std::vector<Struck> out;
    for (const Found& list : living_lists(dir)) {
        std::vector<std::string> meant = words;
        if (list.gate != own) std::erase_if(meant, is_name_of);
        bool any = false;
        each_meant_in(list, meant, [&](const std::string&, off_t) { any = true; });
        if (!any) continue;
        if (!locks.contains(list.gate))
            locks[list.gate] = ProjectGate(store, ProjectGate::ByFile{list.gate}).lock_or_pass_by();
        each_meant_in(list, meant, [&](const std::string& name, off_t sign) {
            if (::pwrite(list.fd.get(), &struck_sign, 1, sign) == 1) out.push_back({name, list.who.pid});
        });
    }
    return out;
}

}  // namespace sigmund::run
