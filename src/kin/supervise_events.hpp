// SPDX-License-Identifier: Apache-2.0
// What supervise has to tell: a queue without bound between the children, who end at any time, and a reader
// who may be slow or stalled. Nothing here ever waits.
#pragma once
#include <signal.h>

#include <cstddef>
#include <string>
#include <vector>

#include "kin/stream.hpp"

namespace sigmund::kin {

class EventQueue {
  public:
    enum class Format { siginfo, json_lines };
    enum class Flow {
        drained,  // everything has been written
        full,     // the reader takes no more for now
        gone,     // the reader has hung up
        failed,   // the stream cannot be written to: see error()
    };

    EventQueue(Stream out, Format format) : out_(out), format_(format) {}

    // Makes room for one more, so that push() cannot fail: to be called before the event is taken from the
    // kernel, which keeps it safely. Throws std::bad_alloc.
    void reserve_one();
    // A child has ended (waitid's siginfo).
    void push(const siginfo_t& info) noexcept;
    // The COMMAND has been started; of interest to JSON readers only.
    void push_started(pid_t pid) noexcept;

    bool empty() const noexcept { return next_ == events_.size(); }
    // Writes as many as the reader takes at once, each in one write.
    Flow flush() noexcept;
    int error() const noexcept { return error_; }
    // Throws away what is queued and all that will be: nobody reads.
    void abandon() noexcept { abandoned_ = true; }
    bool abandoned() const noexcept { return abandoned_; }

  private:
    // 16 bytes instead of siginfo_t's 128: all that the kernel fills in.
    struct Event {
        pid_t pid;
        uid_t uid;
        int status;
        int code;  // CLD_EXITED, CLD_KILLED, CLD_DUMPED; `started`
    };
    static constexpr int started = 0;

    static std::size_t render_siginfo(const Event& event, char* buffer) noexcept;
    static std::size_t render_json(const Event& event, char* buffer) noexcept;

    Stream out_;
    Format format_;
    std::vector<Event> events_;
    std::size_t next_ = 0;     // the first one not yet written
    std::size_t written_ = 0;  // bytes of that one which have been
    int error_ = 0;
    bool abandoned_ = false;
};

}  // namespace sigmund::kin
