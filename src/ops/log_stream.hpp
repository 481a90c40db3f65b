// SPDX-License-Identifier: Apache-2.0
// A log that is read from some point to its end, through its rotations: ID.log.2, ID.log.1, ID.log.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "run/store.hpp"

namespace sigmund::ops {

// Where reading begins.
struct LogStart {
    long long lines = -1;  // the last so many lines; -1: everything
    sys::Millis since =
        -1;  // what was written at or after this time (ms since 1970), told by the lines' own times
};

class LogStream {
  public:
    // Not open(), with errno, when the log cannot be read. `out` is the descriptor that its bytes go to. The
    // prefix goes before each line.
    LogStream(const run::Store& store, const run::Record& record, run::LogPart part, int number, int out,
              std::string prefix);
    // From now on lines are written as `form` makes of them. It gets a line without its newline, and adds
    // one.
    void shape(std::function<std::string(std::string_view)> form) { form_ = std::move(form); }
    bool open() const { return static_cast<bool>(log_); }
    int descriptor() const { return log_.get(); }

    // Sets the point to begin at. Returns false when `since` was asked and no line carries a time.
    bool seek(const LogStart& start);
    // Copies what there is. Returns whether the log has been rotated meanwhile; then descriptor() is another
    // one.
    bool copy();
    // Whether copy() found no log of that name, since it has been removed or moved away; and the folder in
    // which it may be made again.
    bool missing() const { return missing_; }
    std::string folder() const;
    // Writes a last line that has no newline.
    void flush();
    // From now on nothing is read beyond what there is at this moment.
    void stop_at_present();
    // Whether what was copied ends in the middle of a line; and where it went.
    bool line_open() const { return line_open_; }
    int out() const { return out_; }

  private:
    sys::Fd open_number(int number) const;  // 0: the log itself
    sys::Fd open_rotated(int& number) const;
    bool advance();
    void copy_rest();
    off_t end_of(int fd) const;
    bool seek_since(sys::Millis since);
    void emit(std::string_view bytes);

    const run::Store& store_;
    run::Record record_;
    run::LogPart part_;
    int number_;
    bool missing_ = false;
    sys::Fd log_;
    int out_;
    std::string prefix_;
    std::function<std::string(std::string_view)> form_;
    std::string partial_;  // the beginning of a line, when lines get a prefix
    bool line_open_ = false;
    // The log where reading ends, and its size there; empty: it follows.
    sys::Fd end_;
    ino_t end_ino_ = 0;
    dev_t end_dev_ = 0;
    off_t end_size_ = 0;
};

// What a log has of the time that is asked for: such lines; only older ones; no line with a time; no lines at
// all.
enum class SinceAnswer : std::uint8_t { found, older, untimed, empty };
// Sets the offset to the first line of a time at or after `since` among the first `end` bytes: of `older` to
// that end, else to the beginning. A line without a time belongs to the one before, the first ones to
// `begun`.
SinceAnswer seek_to_time(int fd, off_t end, sys::Millis since, std::optional<sys::Millis> begun);

// The time that a log line carries, in ms since 1970; nothing when there is none. It may be RFC 3339 and its
// relatives ("2026-11-21 05:10:11,123"), "21 Nov 2026 05:10:11.123", "21/Nov/2026:05:10:11 +0000", "Nov 21
// 05:10:11" (of the year before `now`). It is looked for in the first 80 bytes. Without a zone it is local
// time.
std::optional<sys::Millis> time_of_line(std::string_view line, sys::Millis now);

}  // namespace sigmund::ops
