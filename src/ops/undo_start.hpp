// SPDX-License-Identifier: Apache-2.0
// Removes what was created for a start that fails, so that nothing of it is left in the store.
#pragma once
#include <string>

#include "guard/plan.hpp"
#include "run/scoped_name.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

// Its destructor removes everything, unless forget() was called. The lock of the id is held until then.
class UndoStart {
  public:
    explicit UndoStart(guard::Plan& plan) : plan_(&plan) {}
    UndoStart(const UndoStart&) = delete;
    UndoStart& operator=(const UndoStart&) = delete;
    ~UndoStart();
    void forget() { plan_ = nullptr; }
    // Creates the mark that tells the hook of the shell of the record that this run is one of its own and lives.
    // Throws run::Failure.
    void mark_shell();
    // Does what is left after a guardian in this memory has removed all else. The plan and the environment have
    // gone to the guardian.
    void finish();

  private:
    guard::Plan* plan_;
    bool marked_ = false;
    std::string shell_, hook_;
};

// Ends the processes of a start whose guardian was killed. The caller holds the lock of the id, so no other process
// can do this.
void end_after_guardian_death(const run::Store& store, const std::string& id);

// Cleans up after a start whose guardian was killed, in a process that has taken the place of the launcher and
// has no environment. `hook` is the store of the hook of `shell`.
// Always throws the Failure that tells it.
[[noreturn]] void clean_up_after_killed_guardian(const std::string& store, const std::string& id,
                                                 const run::ScopedName& name, const std::string& shell,
                                                 const std::string& hook);

}  // namespace sigmund::ops
