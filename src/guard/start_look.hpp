// SPDX-License-Identifier: Apache-2.0
// The check before a later life begins: whether its port (--port), or a port or a socket that --ready waits
// for, is taken. An aide does it, so that the guardian never waits. The life begins once the aide has found
// nothing in the way.
#pragma once
#include <map>
#include <string>

#include "guard/keeper.hpp"
#include "guard/plan.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

class StartLook {
  public:
    // `plan` is nullptr when there are no probes to check. The findings about them are put into it. `command`
    // tells which sockets may be inherited. The record has the ports.
    StartLook(ReadyPlan* plan, const sys::SpawnPlan& command, Lives& lives, Keeper& keeper, Aides& aides);
    // Returns whether a life of the member may begin now. If not, an aide checks, and then EventKind::looked or
    // not_executed is posted to it. Members that must wait for that aide get `looked`, too, and ask again.
    bool may_begin(Member& member);

  private:
    // What an aide checks at the moment. Members are asked about one after the other.
    struct Present {
        int worker = -1;
        bool probes = false;
        sys::Shared<ReadyLook> out;  // set while an aide checks
    };
    run::PortRange ports_of(const Member& member) const;
    bool send_aide(const Member& member, bool probes);
    void looked(const sys::ExitStatus& status);
    void fail(Member& member, const std::string& problem, int error);

    ReadyPlan* plan_;
    const sys::SpawnPlan& command_;
    Lives& lives_;
    Keeper& keeper_;
    Aides& aides_;
    Present present_;
    const Member* free_ = nullptr;  // nothing is in the way of its next life, which has not begun since
    std::map<int, std::string> problems_;  // of the last check, by worker; free ones are left out
};

}  // namespace sigmund::guard
