// SPDX-License-Identifier: Apache-2.0
// Leaders that wait at their gates. A gate is a socket pair: a byte lets a leader through, and the end of the
// gate makes it exit before it has executed anything. A leader that cannot execute its command sends back the
// reason (sys::SpawnError). A successful exec closes its gate.
#pragma once
#include <optional>
#include <vector>

#include "guard/terminate.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

class Gates {
  public:
    // Forks a leader, which waits. It is appended to the life even when an error is returned after the fork,
    // so that it is reaped.
    sys::SpawnError fork(const sys::SpawnPlan& command, Life& life);
    // Returns why a leader has ended at its gate, if it has reported that by now.
    std::optional<sys::SpawnError> reported(std::size_t leader) const;
    // Lets all leaders through, and waits until each has executed its command or has failed. Then `part` is
    // the number of the first one that failed. Closes the gates.
    sys::SpawnError release(int& part);
    void close() { gates_.clear(); }

  private:
    std::vector<sys::Fd> gates_;  // by the number of the leader
};

}  // namespace sigmund::guard
