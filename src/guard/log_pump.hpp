// SPDX-License-Identifier: Apache-2.0
// The log of a run that caps it or prefixes its lines: then, and only then, the command writes into a pipe,
// and the guardian carries whole lines over. Rotation keeps lines whole: ID.log becomes ID.log.1, that
// ID.log.2, and so on.
#pragma once
#include <string>
#include <vector>

#include "guard/source.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// ask: whether the last byte of a regular file, open for writing only, is no newline. False where it cannot
// be looked at.
bool ends_open_line(int fd);

class LogPump final : public Source {
  public:
    // `log` is open for appending; `folder` and `name` are where it is, for rotation. Max size 0: never.
    LogPump(int folder, std::string name, sys::Fd log, std::int64_t max_size, int keep);

    // A new stream whose lines get this prefix; returns the descriptor to write into, -1 with errno set.
    int add_stream(const std::string& prefix);
    int log() const { return log_.get(); }
    // A line of sigmund's own, on a fresh line.
    void write_line(const std::string& line);
    // All that is in the pipes by now; of one who goes on writing, no more than that.
    void catch_up();
    // Its writers are gone: a last line without an end gets one. -1: of every stream.
    void end_line(int stream);

    // For the process that takes over when the guardian has been killed: the descriptors it needs, and the
    // carrying itself, until no process has the pipes open for writing any more.
    std::vector<int> descriptors() const;
    void carry_to_the_end();

    void watch(std::vector<pollfd>& set) const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;

  private:
    struct Stream {
        sys::Fd read_end, write_end;
        std::string prefix;
        std::string partial;  // of a line not ended yet
    };
    // Whether the stream may bring more: its writers have not all gone.
    bool carry(Stream& stream, std::size_t at_most);
    void put(const Stream& stream, std::string_view text);
    void close_line();
    void append(std::string_view bytes);
    // Goes on in a new file when somebody has removed the log.
    void look_for_log();
    void rotate();
    // Why the log cannot be moved aside now; empty: it was.
    std::string make_room(const std::string& fresh);

    int folder_;
    std::string name_;
    sys::Fd log_;
    std::int64_t max_size_;
    int keep_;
    std::int64_t size_ = 0;
    bool may_make_log_ = true;
    // The stream in the middle of whose line the log ends: -1: none, -2: what was there before this run.
    int open_line_ = -1;
    std::vector<Stream> streams_;
};

}  // namespace sigmund::guard
