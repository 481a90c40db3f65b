// SPDX-License-Identifier: Apache-2.0
// This file queues the events of supervise. The queue has no bound: children end at any time, and the reader
// may be slow or stalled. No function here waits.
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
        full,     // the reader accepts no more for now
        gone,     // the reader has hung up
        failed,   // the stream cannot be written to: see error()
    };

    EventQueue(Stream out, Format format) : out_(out), format_(format) {}

    // Reserves memory for one more event, so that push() cannot fail. It must be called before the event is
    // taken from the kernel, which keeps it until then. Throws std::bad_alloc.
    void reserve_one();
    // Queues the end of a child, as waitid(2) fills siginfo.
    void push(const siginfo_t& info) noexcept;
    // Queues the start of the COMMAND; only JSON readers get this event.
    void push_started(pid_t pid) noexcept;

    bool empty() const noexcept { return next_ == events_.size(); }
    // Writes as many events as the reader accepts without waiting, each in one write.
    Flow flush() noexcept;
    int error() const noexcept { return error_; }
    // Discards all queued and all later events, because nobody reads them.
    void abandon() noexcept { abandoned_ = true; }
    bool abandoned() const noexcept { return abandoned_; }

  private:
    // Has 16 bytes instead of the 128 of siginfo_t, and holds everything that the kernel fills in.
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
    std::size_t next_ = 0;     // the first event not yet written
    std::size_t written_ = 0;  // the bytes of that event already written
    int error_ = 0;
    bool abandoned_ = false;
};

}  // namespace sigmund::kin
