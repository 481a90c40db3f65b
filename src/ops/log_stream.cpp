// SPDX-License-Identifier: Apache-2.0
#include "ops/log_stream.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/clock.hpp"
#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

constexpr int most_rotated = 999;

void put(int out, std::string_view bytes) {
    if (const int error = sys::write_all(out, bytes); error != 0) sys::fail(error, "write");
}

// Sets the offset to the beginning of the last `lines` lines; returns how many there are, if fewer.
long long seek_to_last_lines(int fd, long long lines) {
    struct stat st {};
    if (::fstat(fd, &st) != 0 || st.st_size == 0) return 0;
    off_t at = st.st_size;
    char buffer[16 * 1024];
    bool first = true;
    long long seen = 0;
    while (at > 0) {
        const off_t size = std::min<off_t>(at, sizeof buffer);
        at -= size;
        const ssize_t n = ::pread(fd, buffer, static_cast<std::size_t>(size), at);
        if (n <= 0) break;
        for (off_t i = n - 1; i >= 0; --i) {
            const bool last_byte = first;
            first = false;
            if (buffer[i] != '\n' || last_byte) continue;
            if (++seen == lines) {
                ::lseek(fd, at + i + 1, SEEK_SET);
                return seen;
            }
        }
    }
    ::lseek(fd, 0, SEEK_SET);
    return seen + 1;
}

// Sets the offset to the first line with a time at or after `since`: 1; there is none: 0, at the end; no line
// carries a time: -1, at the beginning.
int seek_to_time(int fd, sys::Millis since) {
    const sys::Millis now = sys::realtime_ms();
    std::string line;
    char buffer[64 * 1024];
    off_t line_start = 0, at = 0;
    bool timed = false;
    ssize_t n;
    while ((n = ::pread(fd, buffer, sizeof buffer, at)) > 0) {
        for (ssize_t i = 0; i < n; ++i) {
            if (buffer[i] != '\n') {
                if (line.size() < 128) line += buffer[i];
                continue;
            }
            if (const auto time = time_of_line(line, now)) {
                timed = true;
                if (*time >= since) {
                    ::lseek(fd, line_start, SEEK_SET);
                    return 1;
                }
            }
            line.clear();
            line_start = at + i + 1;
        }
        at += n;
    }
    ::lseek(fd, timed ? line_start : 0, SEEK_SET);
    return timed ? 0 : -1;
}

}  // namespace

LogStream::LogStream(const run::Store& store, const run::Record& record, run::LogPart part, int number,
                     int out, std::string prefix)
    : store_(store), record_(record), part_(part), number_(number), out_(out), prefix_(std::move(prefix)) {
    log_ = open_number(0);
}

sys::Fd LogStream::open_number(int number) const {
    if (number == 0) return store_.open_log(record_, part_, number_);
    return part_ == run::LogPart::whole ? store_.open_log(record_, run::LogPart::rotated, number) : sys::Fd();
}

// A number that is missing is being rotated at this moment: the next one stands for it, and steps on to it.
sys::Fd LogStream::open_rotated(int& number) const {
    sys::Fd fd = open_number(number);
    if (!fd && number < most_rotated) fd = open_number(++number);
    return fd;
}

bool LogStream::seek(const LogStart& start) {
    if (start.since >= 0) {
        // Back through the rotated ones, to the oldest in which something is new enough.
        int answer = seek_to_time(log_.get(), start.since);
        for (int number = 1; number <= most_rotated; ++number) {
            sys::Fd older = open_rotated(number);
            if (!older) break;
            const int there = seek_to_time(older.get(), start.since);
            answer = std::max(answer, there);
            if (there <= 0) break;
            log_ = std::move(older);
        }
        return answer >= 0;
    }
    if (start.lines == 0) {
        ::lseek(log_.get(), 0, SEEK_END);
        return true;
    }
    long long wanted = start.lines;
    for (int number = 0; number <= most_rotated; ++number) {
        if (number > 0) {
            sys::Fd older = open_rotated(number);
            if (!older) break;
            log_ = std::move(older);
        }
        if (start.lines < 0) continue;
        const long long there = seek_to_last_lines(log_.get(), wanted);
        if (there >= wanted) break;
        wanted -= there;
    }
    return true;
}

void LogStream::emit(std::string_view bytes) {
    if (prefix_.empty() && !form_) return put(out_, bytes);
    std::string text;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        if (end == std::string_view::npos) {
            partial_ += bytes;
            break;
        }
        partial_ += bytes.substr(0, end);
        text += form_ ? form_(partial_) : prefix_ + partial_ + '\n';
        partial_.clear();
        bytes.remove_prefix(end + 1);
    }
    if (!text.empty()) put(out_, text);
}

void LogStream::copy_rest() {
    char buffer[64 * 1024];
    for (;;) {
        struct stat st {};
        const off_t here = ::lseek(log_.get(), 0, SEEK_CUR);
        if (::fstat(log_.get(), &st) == 0 && st.st_size < here) ::lseek(log_.get(), 0, SEEK_SET);
        const ssize_t n = ::read(log_.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        emit({buffer, static_cast<std::size_t>(n)});
    }
}

// To the log that came after this one, if it has been rotated away. It is found by its inode, since its
// number goes up with every rotation.
bool LogStream::advance() {
    struct stat mine {
    }, other{};
    if (::fstat(log_.get(), &mine) != 0) return false;
    sys::Fd newer = open_number(0);
    missing_ = !newer;
    if (!newer || ::fstat(newer.get(), &other) != 0) return false;
    if (other.st_ino == mine.st_ino && other.st_dev == mine.st_dev) return false;
    for (int number = 1; number <= most_rotated; ++number) {
        sys::Fd candidate = open_rotated(number);
        if (!candidate || ::fstat(candidate.get(), &other) != 0) break;
        if (other.st_ino == mine.st_ino && other.st_dev == mine.st_dev) break;
        newer = std::move(candidate);  // if ours has been removed: the oldest there is
    }
    copy_rest();  // what came between the last read and the rotation: nobody writes it any more
    log_ = std::move(newer);
    return true;
}

std::string LogStream::folder() const {
    if (part_ != run::LogPart::whole || !record_.log_external) return store_.path();
    return record_.log.substr(0, std::max<std::size_t>(record_.log.rfind('/'), 1));
}

bool LogStream::copy() {
    copy_rest();
    bool rotated = false;
    while (advance()) {
        rotated = true;
        copy_rest();
    }
    return rotated;
}

void LogStream::flush() {
    if (!partial_.empty()) put(out_, form_ ? form_(partial_) : prefix_ + partial_ + '\n');
    partial_.clear();
}

}  // namespace sigmund::ops
