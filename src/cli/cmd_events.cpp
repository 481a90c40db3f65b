// SPDX-License-Identifier: Apache-2.0
// `events`: reports what happens to runs, as JSON lines.
#include "ops/events.hpp"

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"

namespace sigmund::cli {

int cmd_events(const Args& args) {
    run::View view = run::View::open();
    ops::EventsRequest request;
    request.warn = [](const std::vector<std::string>& lines) {
        text::Page page;
        for (const std::string& line : lines) page.line(line);
        say(page);
    };
    if (!args.words.empty()) {
        request.runs = targets_of(view, args, args.words);
        if (request.runs.empty()) return 0;
    }
    if (const auto ago = duration_option(args, "since")) request.since = sys::realtime_ms() - *ago;
    request.follow = !args.has("no-follow");
    print_data(events_head_json());
    if (request.follow && !view.store().present()) {
        // The start that creates the store is reported, too.
        if (!request.since) request.since = sys::realtime_ms();
        view = run::View(ops::await_store(request.warn));
    }
    ops::follow_events(view, request, [](const ops::RunEvent& event) {
        print_data(event_json(event));
        return true;
    });
    return 0;
}

}  // namespace sigmund::cli
