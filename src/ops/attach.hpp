// SPDX-License-Identifier: Apache-2.0
// Joins the terminal of a person to that of a run.
#pragma once
#include <functional>
#include <string>

#include "ops/launch.hpp"
#include "ops/wait.hpp"
#include "run/protocol.hpp"
#include "run/view.hpp"
#include "sys/fd.hpp"
#include "text/detach_keys.hpp"

namespace sigmund::ops {

// How a stay ended.
struct AttachEnd {
    enum class How : std::uint8_t {
        ended,     // the run has ended; `end` tells how
        keys,      // by the keys that detach
        detached,  // by `sigmund detach`
        lost,      // the guardian went away
        signal,    // this process got `signal`, or its terminal was closed (SIGHUP)
    } how = How::lost;
    WaitEnd end = {};
    int signal = 0;
    long long left_out = 0;  // the last bytes of the run, which had no room any more
};

class Attachment {
  public:
    // Asks the guardian of the run. Throws run::Failure when the run has no terminal or no guardian, and when this
    // process belongs to the run itself.
    Attachment(const run::View& view, const run::Judged& run, run::Access access, run::Redraw redraw);
    // Prepares the start of a run to which this terminal is attached before its command is executed, so that nothing of
    // it is missed. Throws run::Failure.
    static Attachment to_start(LaunchRequest& request);
    // Shows what the run shows on stdout, and types what is typed, until the stay ends. `entered` is called once every
    // key is delivered as it is: what is typed before that is a line, of which the kernel keeps at most 4,095 bytes. stdin and stdout are a
    // terminal, which is as before afterwards.
    AttachEnd stay(text::DetachKeys keys, const std::function<void()>& entered);

  private:
    Attachment() = default;
    sys::Fd channel_, stream_;
};

// Throws run::Failure when the run has no terminal, and when this process descends from the run: what it shows would
// be its own output without end.
void check_attachable(const run::View& view, const run::Record& record);

// Ends all attachments of the run, or with Viewers::one the only one. Returns how many there were. Throws
// run::Failure like Attachment.
long long detach(const run::View& view, const run::Judged& run, run::Viewers which);

}  // namespace sigmund::ops
