// SPDX-License-Identifier: Apache-2.0
#include "guard/log_pump.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sys/file.hpp"
#include "sys/own_file.hpp"
#include "sys/poll.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t longest_partial = 64 * 1024;  // longer lines are moved in pieces of this size
constexpr std::size_t bytes_a_turn =
    256 * 1024;  // bounds one turn, so that much output does not keep the guardian from other work

}  // namespace

// Returns the end of a regular file that is open for writing only: at most this many bytes, and where they
// begin.
static std::string end_of(int fd, std::size_t bytes, off_t& from) {
    struct stat st {};
    from = 0;
    if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return "";
    from = std::max<off_t>(0, st.st_size - static_cast<off_t>(bytes));
    const sys::Fd readable(
        ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::string out(static_cast<std::size_t>(st.st_size - from), '\0');
    const ssize_t n = readable ? ::pread(readable.get(), out.data(), out.size(), from) : 0;
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    return out;
}

bool ends_open_line(int fd) {
    off_t from = 0;
    const std::string last = end_of(fd, 1, from);
    return !last.empty() && last != "\n";
}

std::string LogPump::tail(std::size_t bytes, bool& from_start) const {
    off_t from = 0;
    std::string out = end_of(log_.get(), bytes, from);
    from_start = from == 0;
    return out;
}

LogPump::LogPump(LogPlace place, sys::Fd log, LogTimes times)
    : place_(std::move(place)), log_(std::move(log)), times_(std::move(times)) {
    struct stat st {};
    if (::fstat(log_.get(), &st) == 0) size_ = st.st_size;
    if (ends_open_line(log_.get())) open_line_ = -2;
}

int LogPump::add_stream(const std::string& prefix) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
    ::fcntl(ends[0], F_SETFL,
            O_NONBLOCK);  // only of the reading end: the command's writes still block
    streams_.push_back({sys::Fd(ends[0]), sys::Fd(ends[1]), prefix, {}});
    return ends[1];
}

int LogPump::add_text(const std::string& prefix) {
    streams_.push_back({sys::Fd(), sys::Fd(), prefix, {}});
    return static_cast<int>(streams_.size()) - 1;
}

void LogPump::add(int stream, std::string_view text) {
    Stream& to = streams_[static_cast<std::size_t>(stream)];
    to.prefix.empty() ? put(to, text) : add_lines(to, text);
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

bool LogPump::carry(Stream& stream, std::size_t at_most) {
    char buffer[16 * 1024];
    while (at_most > 0) {
        const ssize_t n = ::read(stream.read_end.get(), buffer, std::min(at_most, sizeof buffer));
        if (n < 0 && errno == EINTR) continue;
        if (n == 0) return false;
        if (n < 0) return true;
        at_most -= static_cast<std::size_t>(n);
        add_lines(stream, {buffer, static_cast<std::size_t>(n)});
    }
    return true;
}

void LogPump::add_lines(Stream& stream, std::string_view bytes) {
    const auto last = bytes.rfind('\n');
    if (last == std::string_view::npos) {
        stream.partial += bytes;
    } else {
        stream.partial += bytes.substr(0, last + 1);
        put(stream, stream.partial);
        stream.partial.assign(bytes.substr(last + 1));
    }
    if (stream.partial.size() < longest_partial) return;
    put(stream, stream.partial);
    stream.partial.clear();
}

std::vector<int> LogPump::descriptors() const {
    std::vector<int> out{place_.folder, log_.get()};
    times_.append_descriptors(out);
    for (const Stream& stream : streams_)
        if (stream.read_end) out.push_back(stream.read_end.get());
    return out;
}

void LogPump::carry_to_the_end() {
    may_make_log_ = false;  // the run may have been pruned; no log is created for it
    times_.take_over();
    for (Stream& stream : streams_) stream.write_end.reset();
    // The guardian may have rotated the log after this process was forked.
    struct stat st {};
    if (sys::Fd now = sys::open_own(place_.folder, place_.name.c_str(), O_WRONLY | O_APPEND))
        log_ = std::move(now);
    if (::fstat(log_.get(), &st) == 0) size_ = st.st_size;
    std::vector<pollfd> set;
    for (;;) {
        set.clear();
        watch(set);
        if (std::all_of(set.begin(), set.end(), [](const pollfd& p) { return p.fd < 0; })) return;
        if (sys::poll_any(set, -1) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (set[i].revents == 0 || carry(streams_[i], bytes_a_turn)) continue;
            end_line(static_cast<int>(i));
            streams_[i].read_end.reset();
        }
    }
}

// Writes whole lines, each with the prefix, in one write.
void LogPump::put(const Stream& stream, std::string_view text) {
    const int number = static_cast<int>(&stream - streams_.data());
    const bool goes_on = open_line_ == number;
    if (!goes_on) close_line();
    open_line_ = text.empty() || text.back() == '\n' ? -1 : number;
    if (stream.prefix.empty()) return append(text);
    std::string out;
    bool begun = goes_on;  // a later piece of a long line gets no second prefix
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        if (!begun) out += stream.prefix;
        begun = false;
        out += text.substr(0, end);
        text.remove_prefix(end);
    }
    append(out);
}

// Ends an incomplete line before another writer begins.
void LogPump::close_line() {
    if (open_line_ != -1) append("\n");
    open_line_ = -1;
}

void LogPump::write_line(const std::string& line) {
    close_line();
    append(line + '\n');
}

// Appends, and rotates between lines: what fits goes into this file, up to its last whole line, and the rest
// into a new one.
void LogPump::append(std::string_view bytes) {
    struct stat log {};
    look_for_log(log);
    while (!bytes.empty()) {
        std::size_t now = bytes.size();
        if (place_.max_size > 0 && size_ + static_cast<std::int64_t>(now) > place_.max_size) {
            const auto room = static_cast<std::size_t>(std::max<std::int64_t>(0, place_.max_size - size_));
            const auto fits = bytes.substr(0, room).rfind('\n');
            if (fits != std::string_view::npos) {
                now = fits + 1;
            } else if (size_ > 0) {
                rotate();
                if (::fstat(log_.get(), &log) != 0) log = {};
                continue;
            } else {  // a line longer than the limit stays whole
                now = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
            }
        }
        write(bytes.substr(0, now), log);
        size_ += static_cast<std::int64_t>(now);
        bytes.remove_prefix(now);
    }
}

// On a full disk lines are lost here, as they are for a command that writes to a file itself and continues.
void LogPump::write(std::string_view bytes, const struct stat& log) {
    if (log.st_nlink > 0 && S_ISREG(log.st_mode)) times_.before_text(log);
    sys::write_all(log_.get(), bytes);
}

void LogPump::look_for_log(struct stat& st) {
    if (::fstat(log_.get(), &st) != 0) st = {};
    if (!may_make_log_ || st.st_nlink > 0) return;
    sys::Fd again = sys::open_or_create_own(place_.folder, place_.name.c_str(), O_WRONLY | O_APPEND);
    if (!again || ::fstat(again.get(), &st) != 0) return;
    log_ = std::move(again);
    size_ = st.st_size;
}

}  // namespace sigmund::guard
