// SPDX-License-Identifier: Apache-2.0
// A port that is accepted is in bounds, is printed as it was typed, and all that is tried for it is in bounds.
#include "run/port.hpp"
#include "fuzz.hpp"

using namespace sigmund::run;

SIGMUND_FUZZ_TARGET(port) {
    std::string problem;
    const auto port = parse_port(input, problem);
    must(port.has_value() == problem.empty());
    if (port) {
        must(port->asked() && port_text(*port) == input);
        must(port->number >= 0 && port->number <= highest_port && port->base >= 0 &&
             port->base <= highest_port);
    }
    const int count = 1 + static_cast<int>(input.size() % 1000);
    const auto ports = automatic_ports(input, input.substr(input.size() / 2), count, port ? port->base : 0);
    must(ports.size() >= static_cast<std::size_t>(10'001 - count));
    for (std::size_t i = port && port->base != 0 ? 1 : 0; i < ports.size(); ++i)
        must(ports[i] >= first_auto_port && ports[i] + count - 1 <= last_auto_port);
}
