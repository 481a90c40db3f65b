// SPDX-License-Identifier: Apache-2.0
// This file makes the connections of probes. They are tried in aides, never in the guardian. None takes
// longer than its patience, or continues after its lifeline has ended.
#pragma once
#include <string>
#include <vector>

#include "guard/machine.hpp"
#include "run/probe.hpp"
#include "sys/address.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// The bounds of one attempt to reach a server.
struct Attempt {
    int lifeline = -1;  // -1: none
    Millis until = 0;   // monotonic ms

    // Returns the bounds of an attempt that may take `patience` ms from now.
    static Attempt within(int lifeline, Millis patience) {
        return {lifeline, sys::monotonic_ms() + patience};
    }
    // Waits, and returns whether one of the poll(2) events came in time.
    bool ready(int fd, short events) const;
};

struct Connection {
    sys::Fd fd;          // empty: not connected
    int error = 0;       // the errno when not connected; ETIMEDOUT when the time was over
    sys::Endpoint peer;  // for TCP, the other end as the kernel knows it
};

// Returns the endpoints to which a tcp: or http: probe connects: `localhost` is 127.0.0.1 and ::1.
std::vector<sys::Endpoint> endpoints_of(const run::Probe& probe);

// Connects to an endpoint. When TCP has connected the socket with itself (a port of the ephemeral range on
// which no process listens), the result counts as refused.
Connection connect_to(const sys::Endpoint& endpoint, const Attempt& attempt);
// Connects a stream socket to that path, else a sequenced packet or a datagram socket. The path may have any
// length.
Connection connect_to_unix(const std::string& path, const Attempt& attempt);

// Returns whether the other end closes the connection within a moment without having sent anything.
bool closed_at_once(int fd, const Attempt& attempt);

// Sends a plain GET. Returns the status code as it is in the answer ("200"), or a text that says why there is
// none.
std::string http_answer(const run::Probe& probe, int fd, const Attempt& attempt);

}  // namespace sigmund::guard
