// SPDX-License-Identifier: Apache-2.0
#include "ops/name_and_ports.hpp"

#include "ops/take_name.hpp"
#include "ops/take_port.hpp"

namespace sigmund::ops {

NameAndPorts::NameAndPorts(const run::View& view, guard::Plan& plan, const run::Spec& spec, bool replace)
    : view_(view), plan_(plan), spec_(spec), name_(run::scoped_name(spec)), replace_(replace) {}

void NameAndPorts::take_name() {
    const std::string& id = plan_.record.id;
    if (replace_) {
        claim_ = claim_name(view_, name_, id);
        replaced_ = holder_of(view_, name_);
    } else if (!name_.empty()) {
        plan_.name_lock = ops::take_name(view_, name_, id);
    }
    plan_.record.name = spec_.name;
}

void NameAndPorts::take_ports(run::PortLock reserved) {
    plan_.port_lock = std::move(reserved);
    ops::take_ports(view_, plan_, spec_, replaced_);
}

void NameAndPorts::take_over() {
    plan_.name_lock = replace_holder(view_, name_, plan_.record.id);
    if (replaced_) take_over_ports(view_, plan_, spec_, *replaced_);
}

}  // namespace sigmund::ops
