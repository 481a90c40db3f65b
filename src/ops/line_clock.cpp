// SPDX-License-Identifier: Apache-2.0
#include "ops/line_clock.hpp"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "ops/log_stream.hpp"

namespace sigmund::ops {
namespace {

constexpr int most_rotated = 999;

}  // namespace

LineClock::LineClock(const run::Store& store, const run::Record& record, bool may_have_index)
    : store_(store), record_(record), may_have_index_(may_have_index) {}

// The logs are read from the oldest to the newest, so that the next index usually has the number before this one.
void LineClock::turn_to(int log) {
    struct stat st {};
    forget_index();
    if (!may_have_index_ || ::fstat(log, &st) != 0) return;
    log_.fd = log;
    log_.inode = st.st_ino;
    if (log_.number > 0 && open_index(log_.number - 1)) return;
    int missing = 0;
    for (int number = 0; number <= most_rotated && missing < 3; ++number) {
        if (open_index(number)) return;
        missing = errno == ENOENT ? missing + 1 : 0;
    }
    // In a store that was copied, the files have other numbers. What is the only log and the only index belongs together.
    if (!run::is_final(record_.state) || store_.open_log(record_, run::LogPart::rotated, 1)) return;
    open_any_index(0);
    if (index_.last_offset() > st.st_size) forget_index();
}

// Opens the index with this number, if it is that of the log. Its head tells, since logs and indexes are rotated one
// after the other.
bool LineClock::open_index(int number) {
    if (!open_any_index(number)) return false;
    if (index_.log() == log_.inode) {
        log_.number = number;
        return true;
    }
    forget_index();
    errno = 0;
    return false;
}

bool LineClock::open_any_index(int number) {
    index_ = {};
    file_ = store_.open_log(record_, run::LogPart::times, number);
    if (file_) read_on();
    return static_cast<bool>(file_);
}

void LineClock::forget_index() {
    file_.reset();
    index_ = {};
}

void LineClock::refresh() {
    // The index of a log in which nothing is appears with its first text.
    if (file_ || (may_have_index_ && log_.fd >= 0 && open_index(0))) read_on();
}

// An index never becomes larger than its limit, and what is behind that is not read.
void LineClock::read_on() {
    struct stat st {};
    if (::fstat(log_.fd, &st) != 0) return;
    const off_t limit = 2 * text::time_index_limit(st.st_size);
    char buffer[16 * 1024];
    for (off_t at = ::lseek(file_.get(), 0, SEEK_CUR); at < limit;) {
        const ssize_t n = ::read(file_.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        at += n;
        index_.feed({buffer, static_cast<std::size_t>(n)});
    }
}

const text::TimeIndex* LineClock::index() const {
    return file_ && !index_.empty() ? &index_ : nullptr;
}

std::optional<sys::Millis> LineClock::time_of(off_t offset, std::string_view line) {
    asked_ = true;
    std::optional<sys::Millis> time;
    if (index()) time = index_.at(offset);
    if (!time) time = time_of_line(line, sys::realtime_ms());
    // What is before the first entry is from the beginning of the run, if the log is its own.
    if (!time && index() && !record_.log_external) time = record_.started_ms;
    if (time) last_ = time;
    return last_;
}

std::string local_stamp(std::optional<sys::Millis> time) {
    char out[64] = "-                      ";
    if (!time) return out;
    const time_t seconds = static_cast<time_t>(*time / 1000);
    tm here{};
    if (::localtime_r(&seconds, &here) == nullptr) return out;
    std::snprintf(out, sizeof out, "%04d-%02d-%02d %02d:%02d:%02d.%03d", here.tm_year + 1900, here.tm_mon + 1,
                  here.tm_mday, here.tm_hour, here.tm_min, here.tm_sec, static_cast<int>(*time % 1000));
    return out;
}

}  // namespace sigmund::ops
