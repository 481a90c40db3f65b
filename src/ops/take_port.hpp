// SPDX-License-Identifier: Apache-2.0
// How a start gets its ports (--port): they are free at this moment, and reserved before anything runs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "guard/plan.hpp"
#include "run/spec.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Throws Failure (125, usage) when the run's own options (own_assignments) set another PORT than --port.
void check_port_variable(const run::Port& port, const std::vector<std::string>& assignments);

// Chooses the ports of the start, reserves them and puts them into the plan and its record. Nothing is done
// without --port. A port is taken when a socket listens on it at any address, or when another run of this store
// has reserved it; --port auto passes by such ports. `replaced` is the run that ends before this one begins: its
// ports count as free. Throws Failure: 125, port_taken, which names the holder; 125, not_started, when it cannot
// be found out.
void take_ports(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                const std::optional<run::Record>& replaced);
// Chooses an automatic port as a start of this name in this project would, and reserves it in `lock`, which launch()
// takes over. Throws as take_ports() does.
int reserve_automatic_port(const run::View& view, const std::string& project, const std::string& name,
                           const run::Port& port, int count, run::PortLock& lock);
// To be called when `replaced` has ended: reserves the ports that were still its own, and looks at them once
// more. Throws as take_ports() does.
void take_over_ports(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                     const run::Record& replaced);

}  // namespace sigmund::ops
