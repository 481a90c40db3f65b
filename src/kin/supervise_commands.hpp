// SPDX-License-Identifier: Apache-2.0
// This file reads the commands of supervise from its standard input, in either of the two protocols, one read
// at a time. It only decodes them; whether a process may be signalled is decided by the caller.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "kin/stream.hpp"

namespace sigmund::kin {

class CommandReader {
  public:
    enum class Format { binary, json_lines };
    enum class Result {
        more,    // the available commands were delivered; more may come
        ended,   // end of file, or the peer has hung up
        broken,  // see problem(): the input after this cannot be trusted
    };
    // Gets each command: a pid (0 when no child can have it) and a signal (-1 when there is no such signal).
    using Take = std::function<void(pid_t pid, int signal)>;

    CommandReader(Stream in, Format format) : in_(in), format_(format) {}

    // Reads once without blocking, and calls `take` for each complete command, in order.
    Result read(const Take& take);
    // Reads and discards everything that is available.
    void discard() const noexcept;

    const std::string& problem() const noexcept { return problem_; }
    int fd() const noexcept { return in_.fd(); }

  private:
    Result broken(std::string problem);
    Result too_long();
    Result decode_binary(std::string_view bytes, const Take& take);
    Result decode_lines(std::string_view bytes, const Take& take);
    bool decode_line(std::string_view line, const Take& take);

    Stream in_;
    Format format_;
    std::string line_;  // the beginning of an incomplete line
    std::string problem_;
};

}  // namespace sigmund::kin
