// SPDX-License-Identifier: Apache-2.0
#include "guard/log_pump.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/file.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t longest_partial =
    64 * 1024;  // a line without end is carried over in pieces of this size
constexpr std::size_t bytes_a_turn =
    256 * 1024;  // so that a flood does not keep the guardian from its other work

}  // namespace

bool ends_open_line(int fd) {
    struct stat st {};
    if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0) return false;
    const sys::Fd readable(
        ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    char last = 0;
    return readable && ::pread(readable.get(), &last, 1, st.st_size - 1) == 1 && last != '\n';
}

LogPump::LogPump(int folder, std::string name, sys::Fd log, std::int64_t max_size, int keep)
    : folder_(folder), name_(std::move(name)), log_(std::move(log)), max_size_(max_size), keep_(keep) {
    struct stat st {};
    if (::fstat(log_.get(), &st) == 0) size_ = st.st_size;
    if (ends_open_line(log_.get())) open_line_ = -2;
}

int LogPump::add_stream(const std::string& prefix) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
    ::fcntl(ends[0], F_SETFL,
            O_NONBLOCK);  // of the pipe's reading side only: the command's writes still block
    streams_.push_back({sys::Fd(ends[0]), sys::Fd(ends[1]), prefix, {}});
    return ends[1];
}

void LogPump::watch(std::vector<pollfd>& set) const {
    for (const Stream& stream : streams_) set.push_back({stream.read_end.get(), POLLIN, 0});
}

void LogPump::fire(std::span<const pollfd> polled, Millis, Host&) {
    for (std::size_t i = 0; i < polled.size() && i < streams_.size(); ++i)
        if (polled[i].revents != 0) carry(streams_[i], bytes_a_turn);
}

void LogPump::catch_up() {
    for (Stream& stream : streams_) {
        int waiting = 0;
        if (::ioctl(stream.read_end.get(), FIONREAD, &waiting) == 0 && waiting > 0)
            carry(stream, static_cast<std::size_t>(waiting));
    }
}

void LogPump::end_line(int stream) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        if (stream >= 0 && i != static_cast<std::size_t>(stream)) continue;
        if (!streams_[i].partial.empty()) put(streams_[i], streams_[i].partial + '\n');
        if (open_line_ == static_cast<int>(i)) close_line();
        streams_[i].partial.clear();
    }
}

void LogPump::carry(Stream& stream, std::size_t at_most) {
    char buffer[16 * 1024];
    while (at_most > 0) {
        const ssize_t n = ::read(stream.read_end.get(), buffer, std::min(at_most, sizeof buffer));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        at_most -= static_cast<std::size_t>(n);
        std::string_view bytes(buffer, static_cast<std::size_t>(n));
        const auto last = bytes.rfind('\n');
        if (last == std::string_view::npos) {
            stream.partial += bytes;
        } else {
            stream.partial += bytes.substr(0, last + 1);
            put(stream, stream.partial);
            stream.partial.assign(bytes.substr(last + 1));
        }
        if (stream.partial.size() >= longest_partial) {
            put(stream, stream.partial);
            stream.partial.clear();
        }
    }
}

// Whole lines, each with the prefix, in one write.
void LogPump::put(const Stream& stream, std::string_view text) {
    const int number = static_cast<int>(&stream - streams_.data());
    const bool goes_on = open_line_ == number;
    if (!goes_on) close_line();
    open_line_ = text.empty() || text.back() == '\n' ? -1 : number;
    if (stream.prefix.empty()) return append(text);
    std::string out;
    bool begun = goes_on;  // a piece of a long line has its prefix already
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        if (!begun) out += stream.prefix;
        begun = false;
        out += text.substr(0, end);
        text.remove_prefix(end);
    }
    append(out);
}

// Another writer begins: a line that was left open is ended.
void LogPump::close_line() {
    if (open_line_ != -1) append("\n");
    open_line_ = -1;
}

void LogPump::write_line(const std::string& line) {
    close_line();
    append(line + '\n');
}

// Rotates between lines: what does not fit goes into a new file, up to its last whole line.
void LogPump::append(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t now = bytes.size();
        if (max_size_ > 0 && size_ + static_cast<std::int64_t>(now) > max_size_) {
            const auto room = static_cast<std::size_t>(std::max<std::int64_t>(0, max_size_ - size_));
            const auto fits = bytes.substr(0, room).rfind('\n');
            if (fits != std::string_view::npos) {
                now = fits + 1;
            } else if (size_ > 0) {
                rotate();
                continue;
            } else {  // one line is longer than the cap: it stays whole
                now = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
            }
        }
        // A full disk loses lines here, as it does for a command that writes its file itself and goes on.
        sys::write_all(log_.get(), bytes.substr(0, now));
        size_ += static_cast<std::int64_t>(now);
        bytes.remove_prefix(now);
    }
}

void LogPump::rotate() {
    const auto numbered = [&](int n) { return n == 0 ? name_ : name_ + '.' + std::to_string(n); };
    sys::Fd fresh(::openat(folder_, (name_ + ".new").c_str(),
                           O_WRONLY | O_CREAT | O_APPEND | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    size_ = 0;  // also when there is no room for a new file: tried again after as much output
    if (!fresh) return;
    if (keep_ > 0) {
        for (int n = keep_; n >= 2; --n)
            ::renameat(folder_, numbered(n - 1).c_str(), folder_, numbered(n).c_str());
        // At no moment is a log without a name of its own, or this name without a log. Where there are no
        // links: exchanged (Linux 3.15).
        const std::string aside = name_ + ".new";
        if (::linkat(folder_, name_.c_str(), folder_, numbered(1).c_str(), 0) == 0) {
            ::renameat(folder_, aside.c_str(), folder_, name_.c_str());
        } else if (::renameat2(folder_, aside.c_str(), folder_, name_.c_str(), RENAME_EXCHANGE) == 0) {
            ::renameat(folder_, aside.c_str(), folder_, numbered(1).c_str());
        } else {
            ::renameat(folder_, name_.c_str(), folder_, numbered(1).c_str());
            ::renameat(folder_, aside.c_str(), folder_, name_.c_str());
        }
    } else {
        ::renameat(folder_, (name_ + ".new").c_str(), folder_, name_.c_str());
    }
    log_ = std::move(fresh);
}

}  // namespace sigmund::guard
