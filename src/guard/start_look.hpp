// SPDX-License-Identifier: Apache-2.0
// The look before a later life begins: whether a port or a socket that --ready waits for is taken. An aide
// looks, so that the guardian is never held up; the life begins once the aide has found nothing in the way.
#pragma once
#include "guard/keeper.hpp"
#include "guard/plan.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

class StartLook {
  public:
    // `plan`: nullptr where nothing is to be looked at; what was found is put into it. `command`: what may
    // inherit sockets.
    StartLook(ReadyPlan* plan, const sys::SpawnPlan& command, Lives& lives, Keeper& keeper, Aides& aides);
    // Whether a life may begin now. If not, an aide looks, and then EventKind::looked or not_executed is
    // posted to the members that are to be started.
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
    sys::Shared<ReadyLook> look_;  // while an aide looks
    bool free_ = false;            // it has found nothing in the way, and no life has begun since
};

}  // namespace sigmund::guard
