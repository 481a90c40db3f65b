// SPDX-License-Identifier: Apache-2.0
// The check before a later life begins: whether a port or a socket that --ready waits for is taken. An aide
// does it, so that the guardian never waits. The life begins once the aide has found nothing in the way.
#pragma once
#include "guard/keeper.hpp"
#include "guard/plan.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

class StartLook {
  public:
    // `plan` is nullptr when there is nothing to check. The findings are put into it. `command` tells which
    // sockets may be inherited.
    StartLook(ReadyPlan* plan, const sys::SpawnPlan& command, Lives& lives, Keeper& keeper, Aides& aides);
    // Returns whether a life may begin now. If not, an aide checks, and then EventKind::looked or
    // not_executed is posted to the members that are about to start.
    bool may_begin();

  private:
    bool send_aide();
    void looked(const sys::ExitStatus& status);
    void post_to_starting(const Event& event);

    ReadyPlan* plan_;
    const sys::SpawnPlan& command_;
    Lives& lives_;
    Keeper& keeper_;
    Aides& aides_;
    sys::Shared<ReadyLook> look_;  // set while an aide checks
    bool free_ = false;            // the aide has found nothing in the way, and no life has begun since
};

}  // namespace sigmund::guard
