// SPDX-License-Identifier: Apache-2.0
// One log being read from some point to its end, through its rotations: ID.log.2, ID.log.1, ID.log.
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
    // Empty (see open()) with errno when the log cannot be read. `out`: where its bytes go. A prefix goes
    // before each line.
    LogStream(const run::Store& store, const run::Record& record, run::LogPart part, int number, int out,
              std::string prefix);
    // Lines are written as this makes of them (without their end, which it adds), not as they are.
    void shape(std::function<std::string(std::string_view)> form) { form_ = std::move(form); }
    bool open() const { return static_cast<bool>(log_); }
    int descriptor() const { return log_.get(); }

    // Sets the point to begin at. Returns false when `since` was asked and no line carries a time.
    bool seek(const LogStart& start);
    // Copies what there is. Returns whether the log has been rotated meanwhile: descriptor() is another one
    // now.
    bool copy();
    // Whether copy() found no log of that name: it has been removed or moved away. The folder in which it may
    // be made again.
    bool missing() const { return missing_; }
    std::string folder() const;
    // A last line without its end.
    void flush();

  private:
    sys::Fd open_number(int number) const;  // 0: the log itself
    sys::Fd open_rotated(int& number) const;
    bool advance();
    void copy_rest();
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
};

// ask: the time a log line carries, in ms since 1970: RFC 3339 and its relatives ("2026-11-21 05:10:11,123"),
// "21 Nov 2026 05:10:11.123", "21/Nov/2026:05:10:11 +0000", "Nov 21 05:10:11" (of the year before `now`).
// Looked for in its first 80 bytes; without a zone it is local time.
std::optional<sys::Millis> time_of_line(std::string_view line, sys::Millis now);

}  // namespace sigmund::ops
