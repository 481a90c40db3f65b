// SPDX-License-Identifier: Apache-2.0
// The name and the ports of a start. They may belong to a run that this one replaces (--replace): then they are
// taken over in the last step, when every problem of the new run has been reported.
#pragma once
#include <optional>

#include "guard/plan.hpp"
#include "run/name_claim.hpp"
#include "run/spec.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// It must outlive what removes a failed start: its claim to the name is given up last, when the run has the name or
// nothing of the start is left. The functions are called in their order here, and throw run::Failure.
class NameAndPorts {
  public:
    NameAndPorts(const run::View& view, guard::Plan& plan, const run::Spec& spec, bool replace);

    // Takes the name, or finds out which run has it and waits for this start's turn to replace that. The record of
    // the plan must have its id.
    void take_name();
    // Reserves the ports. `reserved` has those of the spec that were reserved before.
    void take_ports(run::PortLock reserved);
    // Ends the run that is replaced, and takes over its name and its ports.
    void take_over();

    // Returns the run that has the name until take_over(), if one has it.
    const std::optional<run::Record>& replaced() const { return replaced_; }

  private:
    const run::View& view_;
    guard::Plan& plan_;
    const run::Spec& spec_;
    run::ScopedName name_;
    bool replace_;
    run::NameClaim claim_;
    std::optional<run::Record> replaced_;
};

}  // namespace sigmund::ops
