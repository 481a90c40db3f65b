// SPDX-License-Identifier: Apache-2.0
// What supervise is told: commands read from its standard input, in either of the two protocols, one read at
// a time. It decodes; who may be signalled is not decided here.
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
        more,    // what was there has been handed out; more may come
        ended,   // end of file, or the peer has hung up
        broken,  // see problem(): nothing that follows can be trusted
    };
    using Take = std::function<void(pid_t pid, int signal)>;

    CommandReader(Stream in, Format format) : in_(in), format_(format) {}

    // One read that never blocks; hands each whole command to `take`, in order.
    Result read(const Take& take);
    // Reads all that is there and forgets it.
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
    std::string line_;  // the beginning of a line whose end has not come yet
    std::string problem_;
};

}  // namespace sigmund::kin
