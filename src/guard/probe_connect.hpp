// SPDX-License-Identifier: Apache-2.0
// Connections that probes try: in processes of their own, never in the guardian. None takes longer than its
// patience, or goes on when its lifeline has ended.
#pragma once
#include <string>
#include <vector>

#include "guard/machine.hpp"
#include "run/probe.hpp"
#include "sys/address.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// Bounds one attempt at reaching a server.
struct Attempt {
    int lifeline = -1;  // -1: none
    Millis until = 0;   // monotonic

    static Attempt within(int lifeline, Millis patience) {
        return {lifeline, sys::monotonic_ms() + patience};
    }
    // Whether one of the poll(2) events has come in time.
    bool ready(int fd, short events) const;
};

struct Connection {
    sys::Fd fd;          // empty: not connected
    int error = 0;       // then errno; ETIMEDOUT when the patience ran out
    sys::Endpoint peer;  // TCP: the other end, as the kernel has it
};

// Where a tcp: or http: probe connects to: `localhost` is 127.0.0.1 and ::1.
std::vector<sys::Endpoint> endpoints_of(const run::Probe& probe);

// A connection that TCP has made with itself (a port of the ephemeral range where nobody listens) counts as
// refused.
Connection connect_to(const sys::Endpoint& endpoint, const Attempt& attempt);
// A stream socket, else a sequenced or a datagram one of that path. A path of any length.
Connection connect_to_unix(const std::string& path, const Attempt& attempt);

// Whether the other end closes the connection within a moment, without having said anything.
bool closed_at_once(int fd, const Attempt& attempt);

// Sends a plain GET. Returns the status line's number as it stands there ("200"), or why there is none.
std::string http_answer(const run::Probe& probe, int fd, const Attempt& attempt);

}  // namespace sigmund::guard
