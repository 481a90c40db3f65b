// SPDX-License-Identifier: Apache-2.0
#include "cli/stay_attached.hpp"

#include "cli/output.hpp"
#include "run/failure.hpp"
#include "run/label.hpp"
#include "sys/signals.hpp"

namespace sigmund::cli {
namespace {

using How = ops::AttachEnd::How;

int tell_end(const run::View& view, const run::Record& record, const ops::AttachEnd& end) {
    const std::string again = "; it keeps running: sigmund attach " + record.id;
    if (end.left_out > 0)
        say("the last " + std::to_string(end.left_out) + " bytes were left out: sigmund dump " + record.id);
    switch (end.how) {
        case How::keys:
            say("detached from " + label(record) + again);
            return 0;
        case How::detached:
            say("detached from " + label(record) + " by another command" + again);
            return 0;
        case How::signal:
            say("detached from " + label(record) + " by " + sys::signal_name(end.signal) + again);
            return 128 + end.signal;
        case How::lost:
            say("the guardian of " + label(record) + " is gone, and its terminal with it");
            return static_cast<int>(run::Exit::not_started);
        case How::ended:
            break;
    }
    const ops::WaitOutcome outcome = ops::outcome_of(view.store(), record, end.end, run::Until::leader);
    say(label(record) + " has ended: " +
        (outcome.end.status.known ? run::Result::of(outcome.end.status).str()
                                  : "its exit status is unknown"));
    return outcome.exit();
}

}  // namespace

int stay_attached(const run::View& view, const run::Record& record, ops::Attachment& attachment, bool looks) {
    say("attached to " + label(record) + (looks ? " for reading only" : "") +
        "; press Ctrl-] three times to detach");
    const ops::AttachEnd end = attachment.stay();
    begin_fresh_line();
    return tell_end(view, record, end);
}

}  // namespace sigmund::cli
