// SPDX-License-Identifier: Apache-2.0
// The kernel's tables of sockets. Any process can choose the names of unix sockets.
#include "fuzz.hpp"
#include "sys/listeners.hpp"

using namespace sigmund::sys;

SIGMUND_FUZZ_TARGET(socket_table) {
    for (const bool v6 : {false, true})
        for (const TcpListener& each : parse_tcp_listeners(input, v6)) {
            must(each.port >= 0 && each.port <= 65535);
            const Endpoint itself{each.address.unmapped(), each.port};
            must(overlap(each, itself) == Overlap::yes);
            must(answering({each}, itself).size() == 1);
        }
    for (const UnixSocket& each : parse_unix_sockets(input)) {
        must(!each.path.empty());
        must(input.find(each.path) != std::string_view::npos);
    }
}
