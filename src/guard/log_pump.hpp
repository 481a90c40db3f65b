// SPDX-License-Identifier: Apache-2.0
// The log of a run with a size limit, with prefixes for its lines, or with times. Only then does the command write
// into a pipe, from which the guardian moves whole lines to the log. Rotation keeps lines whole: ID.log becomes
// ID.log.1, ID.log.1 becomes ID.log.2, and so on.
#pragma once
#include <string>
#include <vector>

#include "guard/log_times.hpp"
#include "guard/source.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// Returns whether the last byte of a regular file that is open for writing only is not a newline. Returns
// false when it cannot be read.
bool ends_open_line(int fd);

// Where a log is, and its rotation.
struct LogPlace {
    int folder = -1;
    std::string name;
    std::int64_t max_size = 0;  // bytes; 0: no limit
    int keep = 0;
};

class LogPump final : public Source {
  public:
    // `log` is open for appending.
    LogPump(LogPlace place, sys::Fd log, LogTimes times);

    // Adds a stream whose lines get this prefix. Returns the descriptor to write into, or -1 with errno set.
    int add_stream(const std::string& prefix);
    // Adds a stream whose text the caller reads itself. Returns its number, for add().
    int add_text(const std::string& prefix);
    // Appends text of such a stream. With a prefix, it waits until its line is complete.
    void add(int stream, std::string_view text);
    std::size_t streams() const { return streams_.size(); }
    int log() const { return log_.get(); }
    LogTimes& times() { return times_; }
    // Returns the last bytes of the log; `from_start` tells whether these are all of it.
    std::string tail(std::size_t bytes, bool& from_start) const;
    // Writes a line of sigmund, beginning on a new line.
    void write_line(const std::string& line);
    // Moves everything that is in the pipes now, and not what a busy writer adds meanwhile.
    void catch_up();
    // Ends a last line without a newline, after the writers of the stream have gone. -1 means every stream.
    void end_line(int stream);

    // For the process that takes over after the guardian was killed: the descriptors that it needs, and the
    // function that moves lines until no process has the pipes open for writing.
    std::vector<int> descriptors() const;
    void carry_to_the_end();

    void watch(std::vector<pollfd>& set) const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;

  private:
    struct Stream {
        sys::Fd read_end, write_end;
        std::string prefix;
        std::string partial;  // the beginning of an incomplete line
    };
    // Moves at most that many bytes. Returns whether the stream still has writers.
    bool carry(Stream& stream, std::size_t at_most);
    // Puts whole lines into the log, and keeps the rest.
    void add_lines(Stream& stream, std::string_view bytes);
    void put(const Stream& stream, std::string_view text);
    void close_line();
    void append(std::string_view bytes);
    void write(std::string_view bytes, const struct stat& log);
    // Continues in a new file when the log was removed. Sets `st` to the state of the log.
    void look_for_log(struct stat& st);
    void rotate();
    // Moves the log aside. Returns the reason when that fails, or an empty string.
    std::string make_room(const std::string& fresh);

    LogPlace place_;
    sys::Fd log_;
    LogTimes times_;
    std::int64_t size_ = 0;
    bool may_make_log_ = true;
    // The stream that wrote the incomplete line at the end of the log. -1: there is none; -2: the line was
    // there before this run.
    int open_line_ = -1;
    std::vector<Stream> streams_;
};

}  // namespace sigmund::guard
