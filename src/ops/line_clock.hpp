// SPDX-License-Identifier: Apache-2.0
// Tells when the lines of a log were written: by the time index of the log (text/time_index.hpp), and without one by
// the times in the lines.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "run/store.hpp"
#include "sys/clock.hpp"
#include "text/time_index.hpp"

namespace sigmund::ops {

class LineClock {
  public:
    // `store` and `record` outlive this object.
    LineClock(const run::Store& store, const run::Record& record, bool may_have_index);

    // The next lines are in this log, which is open for reading. Finds its index.
    void turn_to(int log);
    // Reads what was added to the index. Whoever then reads text that the log has already knows the times of that.
    void refresh();
    // Returns the index of this log, or nullptr.
    const text::TimeIndex* index() const;
    // Returns when this line, which begins at this offset, was written, in ms since 1970. Must be asked about one line
    // after the other: one without a time belongs to the line before it.
    std::optional<sys::Millis> time_of(off_t offset, std::string_view line);
    // Whether none of the lines that it was asked about had a time.
    bool knew_nothing() const { return asked_ && !last_; }

  private:
    bool open_index(int number);
    bool open_any_index(int number);
    void forget_index();
    void read_on();

    const run::Store& store_;
    const run::Record& record_;
    bool may_have_index_, asked_ = false;
    struct Log {
        int fd = -1;
        std::uint64_t inode = 0;
        int number = 0;  // that of its index: 0, or that of a rotated log
    } log_;
    sys::Fd file_;
    text::TimeIndex index_;
    std::optional<sys::Millis> last_;
};

// Formats a time for people, in 23 columns: "2026-11-27 16:05:01.123", in local time. A dash stands for an unknown one.
std::string local_stamp(std::optional<sys::Millis> time);

}  // namespace sigmund::ops
