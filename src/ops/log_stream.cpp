// SPDX-License-Identifier: Apache-2.0
#include "ops/log_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/error.hpp"

namespace sigmund::ops {
namespace {

constexpr int most_rotated = 999;
constexpr off_t longest_look_back = 64 * 1024;  // for the beginning of a line

// Sets the offset to the beginning of the last `lines` lines before `end`. Returns how many lines that are:
// fewer than `lines` when there are no more.
long long seek_to_last_lines(int fd, off_t end, long long lines) {
    if (end == 0) return 0;
    off_t at = end;
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

// Returns what is behind the last newline before `end`, or as much of it as a filter needs.
std::string unfinished_line(int fd, off_t end) {
    std::string out(static_cast<std::size_t>(std::min(end, longest_look_back)), '\0');
    const ssize_t n = ::pread(fd, out.data(), out.size(), end - static_cast<off_t>(out.size()));
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out.substr(out.rfind('\n') + 1);
}

// Returns when a file was created, in ms since 1970, if its file system knows (statx(2), STATX_BTIME).
std::optional<sys::Millis> birth_of(int fd) {
    struct statx st {};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) != 0 || (st.stx_mask & STATX_BTIME) == 0)
        return std::nullopt;
    return st.stx_btime.tv_sec * sys::Millis{1000} + st.stx_btime.tv_nsec / 1'000'000;
}

}  // namespace

LogStream::LogStream(const run::Store& store, const run::Record& record, run::LogPart part, int number,
                     LogOutput output, bool timed)
    : store_(store),
      record_(std::make_unique<run::Record>(record)),
      part_(part),
      number_(number),
      timed_(timed),
      output_(std::move(output)),
      clock_(std::make_unique<LineClock>(store, *record_, part == run::LogPart::whole)) {
    if (timed_) output_.use(clock_.get());
    turn_to(open_number(0));
}

void LogStream::turn_to(sys::Fd log) {
    log_ = std::move(log);
    if (timed_ && log_) clock_->turn_to(log_.get());
}

sys::Fd LogStream::open_number(int number) const {
    if (number == 0) return store_.open_log(*record_, part_, number_);
    return part_ == run::LogPart::whole ? store_.open_log(*record_, run::LogPart::rotated, number)
                                        : sys::Fd();
}

// Opens a rotated log. A number that is missing is just being rotated: the next one is used instead, and
// `number` is set to it.
sys::Fd LogStream::open_rotated(int& number) const {
    sys::Fd fd = open_number(number);
    if (!fd && number < most_rotated) fd = open_number(++number);
    return fd;
}

// Returns the size of a log at which reading ends: the size at stop_at_present() for the last log, else the
// present one.
off_t LogStream::end_of(int fd) const {
    struct stat st {};
    if (::fstat(fd, &st) != 0) return 0;
    return end_.is(st) ? std::min(st.st_size, end_.size) : st.st_size;
}

void LogStream::stop_at_present() {
    struct stat st {};
    sys::Fd newest = open_number(0);
    const int fd = newest ? newest.get() : log_.get();
    if (::fstat(fd, &st) != 0) return;
    end_.ino = st.st_ino;
    end_.dev = st.st_dev;
    end_.size = st.st_size;
    end_.log = newest ? std::move(newest) : sys::Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

// Goes back through the rotated logs to the oldest one that has something new enough. A line without a time
// belongs to the one before it. The first lines of a log belong to the creation time of its file; if that is
// unknown, those of the oldest log belong to the start of the run.
bool LogStream::seek_since(sys::Millis since) {
    const auto begun = [&](int fd, bool oldest) -> std::optional<sys::Millis> {
        const auto birth = birth_of(fd);
        if (birth || !oldest || record_->log_external) return birth;
        return record_->started_ms;
    };
    bool told = false, untimed = false;
    sys::Fd here = std::move(log_);
    for (int number = 0;; ++number) {
        int next = number + 1;
        sys::Fd older = next <= most_rotated ? open_rotated(next) : sys::Fd();
        clock_->turn_to(here.get());
        const text::TimeIndex* const index = clock_->index();
        const off_t end = end_of(here.get());
        const SinceAnswer answer = index ? seek_in_index(here.get(), end, since, *index)
                                         : seek_to_time(here.get(), end, since, begun(here.get(), !older));
        // The logs before this one are even older.
        const bool stop = answer == SinceAnswer::older || (answer == SinceAnswer::untimed && told);
        if (answer == SinceAnswer::found || stop) told = true;
        if (answer == SinceAnswer::untimed) untimed = true;
        if (stop && log_) break;  // reading begins at the start of the newer log, which is open already
        turn_to(std::move(here));
        const bool inside = answer == SinceAnswer::found && ::lseek(log_.get(), 0, SEEK_CUR) > 0;
        if (stop || inside || !older) break;
        here = std::move(older);
        number = next - 1;
    }
    if (timed_) clock_->turn_to(log_.get());
    return told || !untimed;
}

bool LogStream::seek(const LogStart& start) {
    if (start.since >= 0) return seek_since(start.since);
    if (start.lines == 0) {
        const off_t end = end_of(log_.get());
        if (output_.needs_line_start()) output_.skip(unfinished_line(log_.get(), end));
        ::lseek(log_.get(), end, SEEK_SET);
        return true;
    }
    long long wanted = start.lines;
    for (int number = 0; number <= most_rotated; ++number) {
        if (number > 0) {
            sys::Fd older = open_rotated(number);
            if (!older) break;
            turn_to(std::move(older));
        }
        if (start.lines < 0) continue;
        const long long there = seek_to_last_lines(log_.get(), end_of(log_.get()), wanted);
        if (there >= wanted) break;
        wanted -= there;
    }
    return true;
}

// Copies up to the present size of the log. If it grows as fast as it is read, the rest is copied the next
// time.
void LogStream::copy_rest() {
    const off_t end = end_of(log_.get());
    if (timed_) clock_->refresh();
    while (read_some(end)) {
    }
}

// Copies one piece of what is before `end`. Returns whether there may be more.
bool LogStream::read_some(off_t end) {
    char buffer[64 * 1024];
    off_t here = ::lseek(log_.get(), 0, SEEK_CUR);
    if (here > end && !end_.log) {  // the log was truncated
        here = ::lseek(log_.get(), 0, SEEK_SET);
        if (timed_) clock_->turn_to(log_.get());
    }
    if (here >= end || output_.done()) return false;
    const auto most = std::min<std::size_t>(sizeof buffer, static_cast<std::size_t>(end - here));
    const ssize_t n = ::read(log_.get(), buffer, most);
    if (n < 0 && errno == EINTR) return true;
    if (n <= 0) return false;
    output_.write({buffer, static_cast<std::size_t>(n)}, here);
    return true;
}

void LogStream::go_on() {
    end_ = {};
}

bool LogStream::copy_some() {
    if (output_.done()) return false;
    if (timed_) clock_->refresh();
    return read_some(end_of(log_.get())) || advance();
}

// Moves on to the next newer log if this one has been rotated. This one is found by its inode, since its
// number grows with every rotation.
bool LogStream::advance() {
    struct stat mine {
    }, other{};
    if (::fstat(log_.get(), &mine) != 0) return false;
    if (end_.is(mine)) return false;
    sys::Fd newer = open_number(0);
    missing_ = !newer;
    if (!newer || ::fstat(newer.get(), &other) != 0) return false;
    if (other.st_ino == mine.st_ino && other.st_dev == mine.st_dev) return false;
    bool end_seen = end_.is(other);
    for (int number = 1; number <= most_rotated; ++number) {
        sys::Fd candidate = open_rotated(number);
        if (!candidate || ::fstat(candidate.get(), &other) != 0) break;
        if (other.st_ino == mine.st_ino && other.st_dev == mine.st_dev) break;
        end_seen = end_seen || end_.is(other);
        newer = std::move(candidate);  // if this log has been removed, that ends with the oldest one
    }
    // The log at which reading ends has been rotated away in the meantime, so all the others are newer.
    if (end_.log && !end_seen) newer = sys::Fd(::fcntl(end_.log.get(), F_DUPFD_CLOEXEC, 3));
    copy_rest();  // bytes written between the last read and the rotation; no process writes to it any more
    turn_to(std::move(newer));
    return true;
}

std::string LogStream::folder() const {
    if (part_ != run::LogPart::whole || !record_->log_external) return store_.path();
    return record_->log.substr(0, std::max<std::size_t>(record_->log.rfind('/'), 1));
}

bool LogStream::copy() {
    copy_rest();
    const bool rotated = advance();
    if (rotated) copy_rest();
    return rotated;
}

}  // namespace sigmund::ops
