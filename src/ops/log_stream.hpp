// SPDX-License-Identifier: Apache-2.0
// Reads a log from some point to its end, through its rotations: ID.log.2, ID.log.1, ID.log.
#pragma once
#include <sys/stat.h>

#include <memory>
#include <string>
#include <string_view>

#include "ops/line_clock.hpp"
#include "ops/log_output.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

// Where reading begins.
struct LogStart {
    long long lines = -1;  // how many of the last lines; -1: all
    // Only lines from this time on (ms since 1970), by the time index, or by the times in the lines; -1: all.
    sys::Millis since = -1;
};

class LogStream {
  public:
    // Opens the log; if that fails, open() returns false and errno is set. `timed`: the times of lines matter.
    LogStream(const run::Store& store, const run::Record& record, run::LogPart part, int number,
              LogOutput output, bool timed);
    bool open() const { return static_cast<bool>(log_); }
    int descriptor() const { return log_.get(); }

    // Sets where reading begins. Returns false when `since` was asked for and no line has a time.
    bool seek(const LogStart& start);
    // Copies everything up to the present end. Returns whether the log has been rotated; then descriptor() is
    // a new one.
    bool copy();
    // Copies at most one piece of the log. Returns whether there may be more.
    bool copy_some();
    // Whether copy() found no log of this name, because it was removed or moved away, and the folder in which
    // it may be created again.
    bool missing() const { return missing_; }
    std::string folder() const;
    // From now on, reading ends where the log ends at this moment.
    void stop_at_present();
    // From now on, it does not end there any more.
    void go_on();
    LogOutput& output() { return output_; }
    const LineClock& clock() const { return *clock_; }

  private:
    sys::Fd open_number(int number) const;  // 0: the log itself
    sys::Fd open_rotated(int& number) const;
    bool advance();
    void copy_rest();
    off_t end_of(int fd) const;
    bool seek_since(sys::Millis since);
    bool read_some(off_t end);
    void turn_to(sys::Fd log);

    const run::Store& store_;
    std::unique_ptr<const run::Record> record_;
    run::LogPart part_;
    int number_;
    bool missing_ = false, timed_;
    sys::Fd log_;
    LogOutput output_;
    std::unique_ptr<LineClock> clock_;
    // The log where reading ends, and its size there; empty when following.
    struct End {
        sys::Fd log;
        ino_t ino = 0;
        dev_t dev = 0;
        off_t size = 0;
        bool is(const struct stat& st) const { return log && st.st_ino == ino && st.st_dev == dev; }
    } end_;
};

// What a log has for a given time: lines of it, only older lines, no line with a time, or no lines at all.
enum class SinceAnswer : std::uint8_t { found, older, untimed, empty };
// Looks at the first `end` bytes for the first line with a time at or after `since`, and sets the offset to
// it; to `end` if the answer is `older`, else to the beginning. A line without a time belongs to the one
// before it, the first lines to `begun`.
SinceAnswer seek_to_time(int fd, off_t end, sys::Millis since, std::optional<sys::Millis> begun);
// The same by the index of the log, which has entries.
SinceAnswer seek_in_index(int fd, off_t end, sys::Millis since, const text::TimeIndex& index);

// Returns the time in a log line in ms since 1970; nothing when there is none in its first 80 bytes. Known
// forms: RFC 3339 and similar ("2026-11-21 05:10:11,123"), "21 Nov 2026 05:10:11.123", "21/Nov/2026:05:10:11
// +0000", "Nov 21 05:10:11" (in the year before `now`). Without a zone it is local time.
std::optional<sys::Millis> time_of_line(std::string_view line, sys::Millis now);

// Reads a time that a person types, in ms since 1970: a date, a time of today, or both, in local time, as in
// "2026-11-27 16:05:01.123" or "16:05", and what sys::parse_rfc3339() reads. Returns nothing when it is none.
std::optional<sys::Millis> parse_time(const std::string& text, sys::Millis now);

}  // namespace sigmund::ops
