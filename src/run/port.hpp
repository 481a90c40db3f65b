// SPDX-License-Identifier: Apache-2.0
// The port that --port gives to a run, as values: what was asked for, and which ports are tried in which order.
// Whether a port is free is not decided here (ops/take_port.hpp).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::run {

inline constexpr int highest_port = 65'535;
// The ports among which `auto` chooses. They are below those that Linux gives to outgoing connections
// (ip_local_port_range, from 32768 on).
inline constexpr int first_auto_port = 20'000, last_auto_port = 29'999;

// The variable in which the command finds its port.
inline constexpr const char* port_variable = "PORT";

// What --port asks for.
struct Port {
    int number = 0;  // this port; 0: none, or sigmund chooses one. An automatic port that has a number was
                     // chosen before the start.
    bool automatic = false;  // sigmund chooses a free port
    int base = 0;            // of an automatic port: the one to prefer in the main checkout; 0: none
    bool asked() const { return number != 0 || automatic; }
    bool operator==(const Port&) const = default;
};

// Consecutive ports: one for a run, one for each worker of a pool.
struct PortRange {
    int first = 0;
    int count = 0;  // 0: there is no port
    int last() const { return first + count - 1; }
    bool contains(int port) const { return count > 0 && port >= first && port <= last(); }
    bool overlaps(const PortRange& other) const {
        return count > 0 && other.count > 0 && first <= other.last() && other.first <= last();
    }
    bool operator==(const PortRange&) const = default;
};

// Reads a number from 1 to 65535, in digits only and without leading zeros.
std::optional<int> parse_port_number(std::string_view text);
// Reads N, `auto` or `auto:BASE`. Returns nothing for another text, and says in `problem` why: "is not ...".
std::optional<Port> parse_port(std::string_view text, std::string& problem);
// Returns the text that parse_port() reads back; empty when no port is asked for.
std::string port_text(const Port& port);

// Returns the first ports of the ranges of `count` ports to try for an automatic port, in order: `base`, unless
// it is 0, and then those from 20000 to 29999, beginning at a place that depends on the project and the name
// only.
std::vector<int> automatic_ports(std::string_view project, std::string_view name, int count, int base);

}  // namespace sigmund::run
