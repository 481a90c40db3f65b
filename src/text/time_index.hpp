// SPDX-License-Identifier: Apache-2.0
// The format of a time index: when each part of a log was written. An index is a file beside the log. It begins with
// a line, and entries follow:
//
//   head    "sigmund-times/1 log=INODE\n"   the number of the log's file (st_ino), in decimal
//   anchor  0x00 offset ms check            offset and ms: LEB128; check: 4 bytes, of all that is before
//   step    offset ms check                 both as the difference to the entry before, offset in LEB128 and not
//                                           zero, ms in zigzag LEB128; check: 2 bytes, of the offset and ms meant
//
// An entry says: the text from this offset on, up to the offset of the next entry, was written at this time or a
// little later, in ms since 1970. A decoder that finds a damaged or torn entry goes on at the next anchor.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

struct TimeEntry {
    std::int64_t offset = 0;  // bytes from the beginning of the log
    std::int64_t ms = 0;      // since 1970
};

// How large the index of a log of this size becomes at most, in bytes: less than 1 % of a big log, and a few blocks of the
// disk for a small one.
constexpr std::int64_t time_index_share(std::int64_t log_size) {
    return 4'096 + log_size / 110;
}
constexpr std::int64_t time_index_limit(std::int64_t log_size) {
    return std::max<std::int64_t>(65'536, time_index_share(log_size));
}

class TimeIndexEncoder {
  public:
    // Returns the head of the index for the log with this inode, and forgets what was encoded before.
    std::string begin(std::uint64_t log);
    // Continues an index of this size, which somebody else has written.
    void resume(std::int64_t size);
    // Returns the entry for text that is about to be written at this offset and time. It is empty when none is due:
    // when no time has passed, or the index would become too large. After a pause of 10 seconds it may use all of the
    // limit, after one of a second its share, and else half of that, so that much output does not take the room of the
    // pauses.
    std::string entry(TimeEntry at);
    // Must be called when that entry was not written.
    void lost(std::size_t bytes);

  private:
    std::optional<TimeEntry> last_;
    int steps_ = 0;          // since the last anchor
    std::int64_t size_ = 0;  // of the index
};

class TimeIndex {
  public:
    // Takes the next bytes of the index, in any pieces.
    void feed(std::string_view bytes);
    // Returns the inode of the log that the head names. There is none before the head is complete, and none in a
    // file that is no index or that has a later version; such a file has no entries.
    std::optional<std::uint64_t> log() const { return log_; }
    bool empty() const { return entries_.empty(); }
    // Returns the offset of the last entry, or 0.
    std::int64_t last_offset() const { return entries_.empty() ? 0 : entries_.back().offset; }
    // Returns when the text at this offset was written, or nothing when it is before the first entry.
    std::optional<std::int64_t> at(std::int64_t offset) const;
    // Returns the first entry of this time or later.
    std::optional<TimeEntry> first_since(std::int64_t ms) const;

  private:
    bool take_head();
    bool take_entry(std::string_view& bytes);

    std::string pending_;  // what is not decoded yet
    std::optional<std::uint64_t> log_;
    bool refused_ = false;
    std::optional<TimeEntry> base_;  // what a step adds to; nothing after damage
    std::vector<TimeEntry> entries_;
};

}  // namespace sigmund::text
