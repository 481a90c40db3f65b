// SPDX-License-Identifier: Apache-2.0
// Writes the time index of a log (text/time_index.hpp) while the guardian writes the log. It is in the store, also when
// the log is elsewhere: ID.times, and ID.times.N for the rotated log ID.log.N. Without room on the disk, or when its
// file cannot be made, times are lost, and text never is.
#pragma once
#include <sys/stat.h>

#include <string>
#include <vector>

#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "text/time_index.hpp"

namespace sigmund::guard {

class LogTimes {
  public:
    // `folder` is that of the store, and `name` is that of the index there. `keep`: how many rotated logs stay.
    LogTimes(sys::Fd folder, std::string name, int keep);

    // Must be called before text is appended to the log, whose present state is `log`. Where that is another file than
    // before, or has been cut, the index begins again.
    void before_text(const struct stat& log) noexcept;
    // The log has become the first rotated one.
    void rotated() noexcept;
    // Forgets what it knows: another process has written the index since then, which is continued.
    void take_over() noexcept;
    // Gives up the index until the next text, and the room that it takes.
    void empty() noexcept;
    // Adds its descriptors to those that a new process keeps.
    void append_descriptors(std::vector<int>& kept) const;

  private:
    void begin(std::uint64_t log);
    bool continues(std::uint64_t log);

    sys::Fd folder_, file_;
    std::string name_;
    int keep_;
    std::uint64_t log_ = 0;       // the inode of the log that the index is about; 0: there is no index
    std::int64_t end_ = 0;        // the size of that log when text was last written
    sys::Millis not_before_ = 0;  // when a file that could not be made is tried again (monotonic ms)
    text::TimeIndexEncoder encoder_;
};

}  // namespace sigmund::guard
