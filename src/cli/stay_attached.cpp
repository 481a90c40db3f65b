// SPDX-License-Identifier: Apache-2.0
#include "cli/stay_attached.hpp"

#include "cli/configured.hpp"
#include "cli/output.hpp"
#include "run/failure.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "sys/signals.hpp"

namespace sigmund::cli {
namespace {

using How = ops::AttachEnd::How;

int tell_end(const run::View& view, const run::Record& record, const ops::AttachEnd& end) {
    const std::string word = run::handle(view, record);
    const std::string again = "; it keeps running: sigmund attach " + word;
    if (end.left_out > 0)
        say("the last " + std::to_string(end.left_out) + " bytes were left out: sigmund logs " + word);
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
        (outcome.end.status.known ? "it " + run::Result::of(outcome.end.status).sentence()
                                  : "its exit status is unknown"));
    return outcome.exit();
}

// A person must be able to attach whatever the configuration is like.
text::DetachKeys chosen_keys() {
    try {
        const config::Config config = load_config(false);
        return detach_keys(config);
    } catch (const run::Failure& failure) {
        warn(failure.what());
        return {};
    }
}

}  // namespace

text::DetachKeys detach_keys(const config::Config& config) {
    const config::Setting* setting = config.find(config.attach, "detach_keys");
    if (!setting || setting->values.empty()) return {};
    if (auto keys = text::DetachKeys::parse(setting->values[0])) return *keys;
    throw run::Failure(run::Exit::usage, "usage",
                       setting->origin + ": \"detach_keys\" is one to eight keys such as \"ctrl-p ctrl-q\"",
                       "each is ctrl- and a letter or one of ] \\ ^ _");
}

int stay_attached(const run::View& view, const run::Record& record, ops::Attachment& attachment, bool looks) {
    const text::DetachKeys keys = chosen_keys();
    const ops::AttachEnd end = attachment.stay(keys, [&] {
        say_in_raw_mode("attached to " + label(record) + (looks ? " for reading only" : "") + "; " +
                        keys.instruction() + " to detach");
    });
    begin_fresh_line();
    return tell_end(view, record, end);
}

}  // namespace sigmund::cli
